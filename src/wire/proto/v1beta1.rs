//! `apiextensions.fn.proto.v1beta1`: the service that older versions of Crossplane fall back to.

include!(concat!(
    env!("OUT_DIR"),
    "/apiextensions.r#fn.proto.v1beta1.rs"
));
