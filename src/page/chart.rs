//! Bars: one drawing a row, so that names and figures stay text of the page around it. They flow
//! with the page on a telephone, turn with the direction of the language, and take their colours from its palette.

use std::fmt;

use askama::filters::HtmlSafe;
use charts_rs::{Canvas, Rect};

/// The drawing's own units; the page stretches it to the width it has.
const WIDTH: f32 = 1000.0;
const HEIGHT: f32 = 10.0;
/// A part that is there at all stays visible.
const NARROWEST: f32 = 6.0;

/// The charting library failed.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ChartError(String);

/// One part of a bar.
pub(crate) struct Part {
    /// Class of the palette in `style.css`.
    pub(crate) class: &'static str,
    pub(crate) value: u64,
    /// Shown while the pointer rests on it.
    pub(crate) title: String,
}

/// A bar as an SVG element.
pub(crate) struct Bar(String);

impl Bar {
    /// Draws `parts` one after the other, `whole` being the full width.
    pub(crate) fn draw(parts: &[Part], whole: u64) -> Result<Self, ChartError> {
        let mut canvas = Canvas::new(WIDTH, HEIGHT);
        let mut left = 0.0;
        for (part, width) in parts.iter().zip(widths(parts, whole)) {
            if width > 0.0 {
                canvas.rect(Rect {
                    left,
                    width,
                    height: HEIGHT,
                    class: Some(format!("fill-{}", part.class)),
                    title: Some(part.title.clone()),
                    ..Rect::default()
                });
                left += width;
            }
        }
        let svg = canvas.svg().map_err(|error| ChartError(error.to_string()))?;
        Ok(Bar(inlined(&svg)))
    }

    /// A bar that begins somewhere on its way: one step of a waterfall.
    pub(crate) fn span(class: &'static str, start: u64, length: u64, whole: u64) -> Result<Self, ChartError> {
        let whole = whole.max(start.saturating_add(length)).max(1);
        #[expect(clippy::cast_precision_loss, reason = "a width of a thousandth is fine enough")]
        let share = |value: u64| (value as f64 / whole as f64) as f32 * WIDTH;
        let width = share(length).max(NARROWEST);
        let left = share(start).min(WIDTH - width);
        let mut canvas = Canvas::new(WIDTH, HEIGHT);
        let class = Some(format!("fill-{class}"));
        canvas.rect(Rect { left, width, height: HEIGHT, class, title: Some(String::new()), ..Rect::default() });
        let svg = canvas.svg().map_err(|error| ChartError(error.to_string()))?;
        Ok(Bar(inlined(&svg)))
    }

    /// A bar of one part.
    pub(crate) fn single(class: &'static str, value: u64, whole: u64) -> Result<Self, ChartError> {
        Bar::draw(&[Part { class, value, title: String::new() }], whole)
    }
}

impl HtmlSafe for Bar {}

impl fmt::Display for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Widths in proportion; what the narrow parts gain the widest one gives.
fn widths(parts: &[Part], whole: u64) -> Vec<f32> {
    let whole = whole.max(parts.iter().fold(0, |sum, part| sum.saturating_add(part.value))).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a width of a thousandth is fine enough")]
    let share = |value: u64| (value as f64 / whole as f64) as f32 * WIDTH;
    let exact: Vec<f32> = parts.iter().map(|part| share(part.value)).collect();
    let mut widths: Vec<f32> =
        exact.iter().map(|&width| if width > 0.0 { width.max(NARROWEST) } else { 0.0 }).collect();
    let excess = widths.iter().sum::<f32>() - WIDTH;
    if excess > 0.0
        && let Some(widest) = widths.iter_mut().max_by(|left, right| left.total_cmp(right))
    {
        *widest -= excess;
    }
    widths
}

/// The drawing as part of a page: it needs no namespace there, fills the box it is put in, and is named by that box.
fn inlined(svg: &str) -> String {
    let body = svg.find('>').map_or("", |end| svg[end + 1..].trim());
    let body = body.replace('\n', "").replace("><title></title></rect>", "/>");
    format!(r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">{body}"#)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(value: u64) -> Part {
        Part { class: "ok", value, title: String::new() }
    }

    #[test]
    fn parts_fill_the_bar_and_none_that_is_there_vanishes() {
        let widths = widths(&[part(1_000_000), part(1), part(0)], 1_000_001);
        assert!((widths.iter().sum::<f32>() - WIDTH).abs() < 0.01);
        assert!(widths[1] >= NARROWEST);
        assert!(widths[2] < f32::EPSILON);
    }

    #[test]
    fn a_step_of_a_waterfall_stays_inside_and_is_seen() {
        let bar = Bar::span("ok", 990, 0, 990).expect("drawn").to_string();
        assert!(bar.contains(r#"x="994""#) && bar.contains(r#"width="6""#), "{bar}");
        assert!(Bar::span("ok", u64::MAX, u64::MAX, 0).is_ok());
    }

    #[test]
    fn a_bar_of_nothing_is_still_a_drawing() {
        let bar = Bar::draw(&[], 0).expect("drawn").to_string();
        assert!(bar.starts_with("<svg viewBox=") && bar.ends_with("</svg>"), "{bar}");
    }

    #[test]
    fn a_title_can_not_break_out_of_the_drawing() {
        let bad = Part { class: "ok", value: 1, title: "</title><script>".to_owned() };
        assert!(!Bar::draw(&[bad], 1).expect("drawn").to_string().contains("<script"));
    }

    #[test]
    fn figures_too_large_to_add_are_drawn_all_the_same() {
        assert!(Bar::draw(&[part(u64::MAX), part(u64::MAX)], 0).is_ok());
    }
}
