//! How people of one simulated world behave: rates and probabilities of its own, drawn round central ones.
//!
//! They are what a person does in a month or what becomes of one mail, and never the filter's weights: those follow from
//! them at best roughly, as they would from real life.

use super::super::random::Random;

/// Places of the three states of a contact in tables.
pub const ALIVE: usize = 0;
pub const TELLING: usize = 1;
pub const SILENT: usize = 2;

/// Mail classes by place: free, isp, work, education, disposable.
pub const MAIL_CLASSES: usize = 5;

#[derive(Debug, Clone)]
pub struct World {
    /// Mean yearly rate of losing an address, by class. Each person has a factor of their own beside it.
    pub email_loss: [f64; MAIL_CLASSES],
    /// Of losing a number: mobile, landline.
    pub phone_loss: [f64; 2],
    /// Factors by age: under 25, 34, 54, above.
    pub age: [f64; 4],
    /// Factor for each address that this person had before.
    pub mover: f64,
    /// Of lost addresses and numbers, the share that bounces or is disconnected at first.
    pub telling: [f64; 2],
    /// Yearly rate at which disconnected numbers are handed on.
    pub handed_on: f64,
    /// Probability that one mail bounces for good, by state.
    pub hard: [f64; 3],
    /// For now.
    pub soft: [f64; 3],
    /// Mean share of delivered mails that a reader opens; readers differ widely.
    pub opens: f64,
    /// What is left of it in a mailbox without its owner.
    pub opens_gone: f64,
    /// Share of openings that lead to a click, by an owner and without one.
    pub clicks: [f64; 2],
    /// A text message comes back, by state.
    pub undelivered: [f64; 3],
    /// Factors of visits to the site and the shop of people whose address is gone, and whose number is.
    pub logins_gone: f64,
    pub buys_gone: [f64; 2],
}

impl World {
    /// World 0 is the central one; every other seed is a draw.
    pub fn new(seed: u64) -> Self {
        let mut random = Random::at(seed, 0x574F_524C_4421);
        let mut off = |sd: f64| if seed == 0 { 1.0 } else { (sd * normal(&mut random)).exp() };
        // Bounces of the gone have odds of their own; those of the living follow from how much rarer they are.
        let share = |center: f64, factor: f64| {
            let odds = center / (1.0 - center) * factor;
            odds / (1.0 + odds)
        };
        let hard = share(0.70, off(0.5));
        let soft = share(0.06, off(0.5));
        let undelivered = share(0.55, off(0.5));
        let opens_gone = 0.14 * off(0.5);
        let hard_alive = (hard / (33.0 * off(0.5))).min(0.2);
        let undelivered_alive = (undelivered / (7.4 * off(0.5))).min(0.4);
        World {
            email_loss: [0.25, 0.43, 0.54, 0.70, 1.8].map(|rate| rate * off(0.25)),
            phone_loss: [0.055, 0.046].map(|rate| rate * off(0.25)),
            age: [1.3, 1.15, 1.0, 0.85].map(|factor| factor * off(0.25)),
            mover: 1.28 * off(0.25),
            telling: [share(0.5, off(0.5)), share(0.85, off(0.5))],
            handed_on: off(0.25),
            hard: [hard_alive, hard, hard_alive],
            soft: [soft / 2.0, soft, soft],
            opens: share(0.25, off(0.3)),
            opens_gone: opens_gone.min(1.0),
            clicks: [0.16, (0.022 * off(0.5)).min(0.16)],
            undelivered: [undelivered_alive, undelivered, undelivered_alive],
            logins_gone: 0.6 * off(0.25),
            buys_gone: [0.9 * off(0.1), 0.8 * off(0.1)],
        }
    }
}

/// A number from 0 to 1, 1 left out.
pub fn share(random: &mut Random) -> f64 {
    (random.next() >> 11) as f64 / (1u64 << 53) as f64
}

/// Whether something happens that has this probability.
pub fn happens(random: &mut Random, probability: f64) -> bool {
    share(random) < probability
}

/// Within a month at a yearly rate.
pub fn this_month(random: &mut Random, yearly: f64) -> bool {
    happens(random, -(-yearly / 12.0).exp_m1())
}

/// Standard normal (Box and Muller, 1958).
pub fn normal(random: &mut Random) -> f64 {
    let (one, other) = (1.0 - share(random), share(random));
    (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * other).cos()
}

/// Gamma with this shape and mean 1 (Marsaglia and Tsang, 2000; a boost below shape 1).
pub fn gamma(random: &mut Random, shape: f64) -> f64 {
    if shape < 1.0 {
        let boost = (1.0 - share(random)).powf(1.0 / shape);
        return gamma(random, shape + 1.0) * (shape + 1.0) / shape * boost;
    }
    let d = shape - 1.0 / 3.0;
    loop {
        let x = normal(random);
        let v = (1.0 + x / (9.0 * d).sqrt()).powi(3);
        if v > 0.0 && (1.0 - share(random)).ln() < 0.5 * x * x + d - d * v + d * v.ln() {
            return d * v / shape;
        }
    }
}

/// Beta with this mean and weight.
pub fn beta(random: &mut Random, mean: f64, weight: f64) -> f64 {
    let one = gamma(random, mean * weight) * mean;
    let other = gamma(random, (1.0 - mean) * weight) * (1.0 - mean);
    one / (one + other)
}
