//! Places in the world that several clouds have regions near to: bills are compared within one.

/// A place that regions are near to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say all")]
pub enum Area {
    California,
    Frankfurt,
    London,
    Montreal,
    Mumbai,
    NorthernEurope,
    Ohio,
    Oregon,
    Osaka,
    Paris,
    SaoPaulo,
    Seoul,
    Singapore,
    Sydney,
    Tokyo,
    Virginia,
}
