//! The minimum of an objective by Newton's method with expected curvature and halved steps.

use super::objective::Objective;

/// A step smaller than this in every coefficient ends the search.
const CLOSE: f64 = 1e-9;

/// So many steps are never needed: the expected curvature is nearly the true one, and the priors keep it positive.
const MOST_STEPS: usize = 200;

/// How often a step that does not lower the value is halved.
const HALVINGS: i32 = 30;

pub(super) fn minimum(objective: &Objective<'_>) -> Vec<f64> {
    let layout = objective.layout();
    let mut theta = layout.prior();
    for _ in 0..MOST_STEPS {
        let mut point = objective.at(&theta);
        // A weight that stands at 0 and would change its sign stays there.
        for (at, value) in theta.iter().enumerate() {
            let is_held = layout.sign(at).is_some_and(|plus| *value == 0.0 && (point.slope[at] > 0.0) == plus);
            if is_held {
                hold(&mut point.curvature, &mut point.slope, at);
            }
        }
        let step = solve(point.curvature, &point.slope);
        let moved = |share: f64| {
            let mut moved: Vec<f64> = theta.iter().zip(&step).map(|(at, part)| at - share * part).collect();
            layout.project(&mut moved);
            moved
        };
        let is_close = |next: &[f64]| next.iter().zip(&theta).all(|(next, at)| (next - at).abs() < CLOSE);
        if is_close(&moved(1.0)) {
            break;
        }
        let mut shares = (0..HALVINGS).map(|halvings| 0.5f64.powi(halvings));
        // Rounding lets the last steps end a hair higher.
        let lowered = |share: &f64| objective.value(&moved(*share)) <= point.value * (1.0 + 1e-13);
        match shares.find(lowered) {
            Some(share) => theta = moved(share),
            None => break,
        }
    }
    theta
}

/// Takes a coefficient out of the system, so that its step is 0.
fn hold(curvature: &mut [f64], slope: &mut [f64], at: usize) {
    let count = slope.len();
    slope[at] = 0.0;
    for other in 0..count {
        curvature[at * count + other] = 0.0;
        curvature[other * count + at] = 0.0;
    }
    curvature[at * count + at] = 1.0;
}

/// Solves `matrix x = right` by Cholesky's factors; the matrix, given row by row, is symmetric and positive.
fn solve(mut matrix: Vec<f64>, right: &[f64]) -> Vec<f64> {
    let count = right.len();
    for row in 0..count {
        for column in 0..=row {
            let known: f64 = (0..column).map(|at| matrix[row * count + at] * matrix[column * count + at]).sum();
            let left = matrix[row * count + column] - known;
            matrix[row * count + column] =
                if row == column { left.max(f64::MIN_POSITIVE).sqrt() } else { left / matrix[column * count + column] };
        }
    }
    let mut x = right.to_vec();
    for row in 0..count {
        let known: f64 = (0..row).map(|at| matrix[row * count + at] * x[at]).sum();
        x[row] = (x[row] - known) / matrix[row * count + row];
    }
    for row in (0..count).rev() {
        let known: f64 = (row + 1..count).map(|at| matrix[at * count + row] * x[at]).sum();
        x[row] = (x[row] - known) / matrix[row * count + row];
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_system_is_solved() {
        let x = solve(vec![4.0, 2.0, 0.6, 2.0, 3.0, 0.4, 0.6, 0.4, 2.0], &[1.0, -2.0, 3.0]);
        let back = [4.0 * x[0] + 2.0 * x[1] + 0.6 * x[2], 2.0 * x[0] + 3.0 * x[1] + 0.4 * x[2]];
        assert!((back[0] - 1.0).abs() < 1e-12 && (back[1] + 2.0).abs() < 1e-12);
    }
}
