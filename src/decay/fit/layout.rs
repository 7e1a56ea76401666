//! Coefficients as one row of numbers, with the prior of each.

use crate::record::{ContactClass, Signal};
use crate::rule::PriorSds;

use super::super::coefficients::KindCoefficients;
use super::super::profile::Profile;
use super::slopes::{HAZARD, Local, SHAPE, place_of_weight};

/// One number that is learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coefficient {
    Level,
    Shape,
    Change,
    Class(ContactClass),
    Age(usize),
    /// Of contacts gone and telling (0), or gone and silent (1).
    Weight(Signal, usize),
    DeadDomain,
}

/// Which coefficients are learnt, in which order.
///
/// Two things of weights are not learnt, as they say what a signal is: one of 0 stays 0 (the signal tells two states not
/// apart), and none changes its sign (a bounce never becomes a sign of life).
#[derive(Debug, Clone)]
pub(super) struct Layout {
    start: KindCoefficients,
    learnt: Vec<(Coefficient, f64)>,
}

impl Layout {
    pub(super) fn new(start: &KindCoefficients, sd: &PriorSds) -> Self {
        let mut learnt =
            vec![(Coefficient::Level, sd.level), (Coefficient::Shape, sd.shape), (Coefficient::Change, sd.hazard)];
        learnt.extend(start.class.keys().map(|class| (Coefficient::Class(*class), sd.hazard)));
        learnt.extend((0..start.age.len()).map(|band| (Coefficient::Age(band), sd.hazard)));
        for (signal, weights) in &start.signal {
            let sides = (0..2).filter(|side| weights[*side] != 0.0);
            learnt.extend(sides.map(|side| (Coefficient::Weight(*signal, side), sd.weight)));
        }
        if start.dead_domain != 0.0 {
            learnt.push((Coefficient::DeadDomain, sd.weight));
        }
        Layout { start: start.clone(), learnt }
    }

    /// How many are learnt.
    pub(super) fn len(&self) -> usize {
        self.learnt.len()
    }

    /// Standard deviations of the priors.
    pub(super) fn sds(&self) -> impl Iterator<Item = f64> {
        self.learnt.iter().map(|(_, sd)| *sd)
    }

    /// The nearest row in which no weight has changed its sign.
    pub(super) fn project(&self, theta: &mut [f64]) {
        for (value, at) in theta.iter_mut().zip(0..) {
            match self.sign(at) {
                Some(true) => *value = value.max(0.0),
                Some(false) => *value = value.min(0.0),
                None => {}
            }
        }
    }

    /// The sign that a weight keeps: true for plus.
    pub(super) fn sign(&self, at: usize) -> Option<bool> {
        match self.learnt[at].0 {
            Coefficient::Weight(signal, side) => Some(self.start.weights(signal)[side] > 0.0),
            Coefficient::DeadDomain => Some(self.start.dead_domain > 0.0),
            _ => None,
        }
    }

    /// The coefficients in force, which are the means of the priors.
    pub(super) fn prior(&self) -> Vec<f64> {
        let mut start = self.start.clone();
        self.learnt.iter().map(|(coefficient, _)| *slot(&mut start, *coefficient)).collect()
    }

    /// Full coefficients from the row.
    pub(super) fn coefficients(&self, theta: &[f64]) -> KindCoefficients {
        let mut all = self.start.clone();
        self.learnt.iter().zip(theta).for_each(|((coefficient, _), value)| *slot(&mut all, *coefficient) = *value);
        all
    }

    /// Slopes by coefficient from those by hazard, shape and weight of one contact.
    pub(super) fn spread(&self, local: &Local, profile: Profile, dead_domain: bool) -> Vec<f64> {
        let flag = |holds: bool| if holds { 1.0 } else { 0.0 };
        let slope = |coefficient| match coefficient {
            Coefficient::Level => local[HAZARD],
            Coefficient::Shape => local[SHAPE],
            Coefficient::Change => local[HAZARD] * profile.changes as f64,
            Coefficient::Class(class) => local[HAZARD] * flag(class == profile.class),
            Coefficient::Age(band) => local[HAZARD] * flag(band == profile.band),
            Coefficient::Weight(signal, side) => local[place_of_weight(signal, side)],
            Coefficient::DeadDomain => flag(dead_domain),
        };
        self.learnt.iter().map(|(coefficient, _)| slope(*coefficient)).collect()
    }
}

fn slot(all: &mut KindCoefficients, coefficient: Coefficient) -> &mut f64 {
    match coefficient {
        Coefficient::Level => &mut all.level,
        Coefficient::Shape => &mut all.shape,
        Coefficient::Change => &mut all.change,
        Coefficient::Class(class) => all.class.entry(class).or_default(),
        Coefficient::Age(band) => &mut all.age[band],
        Coefficient::Weight(signal, side) => &mut all.signal.entry(signal).or_default()[side],
        Coefficient::DeadDomain => &mut all.dead_domain,
    }
}
