//! What charts are made of: SVG in light and dark.

use std::fmt::Write;

/// The style of all charts. Classes: `title`, `name`, `figure` and `small` for text, `axis`, `other`
/// and `ours` for shapes, `aws` and `gcp` for lines.
pub const COLORS: &str = "\
  <style>
    .page { fill: #ffffff; }
    .title { fill: #14181d; font-size: 17px; font-weight: 600; }
    .name { fill: #14181d; font-size: 15px; text-anchor: end; }
    .figure { fill: #4b545e; font-size: 14px; }
    .small { fill: #4b545e; font-size: 13px; text-anchor: middle; }
    .axis { stroke: #b6bec9; fill: none; }
    .other { fill: #b6bec9; }
    .ours { fill: #1f5fbf; }
    .aws, .gcp { fill: none; stroke-width: 2.5; }
    .aws { stroke: #1f5fbf; }
    .gcp { stroke: #a34e00; stroke-dasharray: 7 4; }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117; }
      .title, .name { fill: #f0f3f6; }
      .figure, .small { fill: #b1bac4; }
      .axis { stroke: #444c56; }
      .other { fill: #6e7681; }
      .ours { fill: #79b0ff; }
      .aws { stroke: #79b0ff; }
      .gcp { stroke: #f0a35e; }
    }
  </style>
";

/// An SVG in the making. Lengths are in its own units, which are pixels at full size.
#[derive(Clone, Debug, Default)]
pub struct Canvas(String);

impl Canvas {
    /// Adds an element, one a line.
    pub fn put(&mut self, element: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "  {element}");
    }

    /// Adds a text of a class; `y` is its base line.
    pub fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        self.put(&format!(
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{text}</text>"
        ));
    }

    /// Adds a line of a class through points.
    pub fn line(&mut self, class: &str, points: &[(f64, f64)]) {
        let points: Vec<_> = points
            .iter()
            .map(|(x, y)| format!("{x:.1} {y:.1}"))
            .collect();
        let points = points.join(" L");
        self.put(&format!("<path class=\"{class}\" d=\"M{points}\"/>"));
    }

    /// The whole image. Who cannot see it hears the title and the description.
    pub fn finish(&self, width: f64, height: f64, title: &str, description: &str) -> String {
        let Self(parts) = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"title desc\"\n  \
             font-family=\"system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif\">\n  \
             <title id=\"title\">{title}</title>\n  \
             <desc id=\"desc\">{description}</desc>\n{COLORS}  <rect class=\"page\" width=\"{width}\" height=\"{height}\"/>\n{parts}</svg>\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_stand_in_the_image_in_their_order() {
        let mut canvas = Canvas::default();
        canvas.line("axis", &[(1.0, 2.0), (3.25, 4.0)]);
        canvas.text("title", 5.0, 6.0, "calls");
        let svg = canvas.finish(10.0, 20.0, "Calls", "a day");
        let parts = "  <path class=\"axis\" d=\"M1.0 2.0 L3.2 4.0\"/>\n  \
                     <text class=\"title\" x=\"5.0\" y=\"6.0\">calls</text>\n</svg>\n";
        assert!(svg.ends_with(parts), "{svg}");
        assert!(svg.contains("viewBox=\"0 0 10 20\""), "{svg}");
    }
}
