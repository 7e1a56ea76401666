//! A zone of mail domains with every case that an MX check meets, and the outcome that each must have.

use std::fmt::Write;

/// How common a case is (in a thousand), what it is called, and the outcome that tiuv owes.
const CASES: [(u32, &str, &str); 20] = [
    (650, "mx", "mx_ok"),
    (50, "null", "null_mx"),
    (80, "a", "implicit_mx"),
    (110, "nx", "nxdomain"),
    (25, "cname", "mx_ok"),
    (10, "nodata", "no_mx_no_address"),
    (10, "mx_dangling", "mx_unresolvable"),
    (10, "spf_none", "no_mx_no_address"),
    (10, "mx_multi", "mx_unresolvable"),
    (5, "mx_many", "mx_ok"),
    (5, "aaaa", "implicit_mx"),
    (5, "a_private", "mx_private"),
    (5, "cname_dangling", "nxdomain"),
    (5, "cname_outside", "mx_ok"),
    (5, "mx_private", "mx_private"),
    (3, "null_plus", "mx_null_mixed"),
    (2, "mx_ip", "mx_unresolvable"),
    (4, "mx_alias", "mx_ok"),
    (3, "mx_second", "mx_ok"),
    (3, "cname_chain", "mx_ok"),
];

/// A domain and what must be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owed {
    pub(crate) domain: String,
    pub(crate) case: &'static str,
    pub(crate) outcome: &'static str,
}

/// The text of the zones `bench.` and `outside.`, and the truth.
pub(crate) struct Zone {
    pub(crate) bench: String,
    pub(crate) outside: String,
    pub(crate) truth: Vec<Owed>,
}

/// Domains drawn as they are spread in a real list; the first ones show each case once.
pub(crate) fn zone(domains: usize) -> Zone {
    let mut bench = "$ORIGIN bench.\n$TTL 3600\n@ SOA ns1 host 1 3600 600 86400 300\n@ NS ns1\nns1 A 127.0.0.1\n\
                     canary MX 10 mx0.prov\ninside A 10.1.2.3\nnamed CNAME mx0.prov\n"
        .to_owned();
    let mut outside =
        "$ORIGIN outside.\n$TTL 3600\n@ SOA ns1 host 1 3600 600 86400 300\n@ NS ns1\nns1 A 127.0.0.1\n".to_owned();
    for host in 0..50 {
        line(&mut bench, format_args!("mx{host}.prov A 192.0.2.{}", host + 1));
    }
    let mut truth = Vec::new();
    let mut draw = Draw(20_261_121);
    for index in 0..domains {
        let (_, case, outcome) = match CASES.get(index) {
            Some(case) => *case,
            None => drawn(draw.below(1_000)),
        };
        let name = format!("d{index:07}");
        let host = draw.below(49);
        match case {
            "mx" => line(&mut bench, format_args!("{name} MX 10 mx{host}.prov\n{name} MX 20 mx{}.prov", host + 1)),
            "mx_multi" => (0..12).for_each(|at| {
                line(&mut bench, format_args!("{name} MX {at} a-rather-long-host-name-number-{at}.of-mail.prov"));
            }),
            "mx_many" => (0..40).for_each(|at| line(&mut bench, format_args!("{name} MX {at} mx{at}.prov"))),
            "null" => line(&mut bench, format_args!("{name} MX 0 .")),
            "null_plus" => line(&mut bench, format_args!("{name} MX 0 .\n{name} MX 10 mx{host}.prov")),
            "a" => line(&mut bench, format_args!("{name} A 192.0.2.99")),
            "aaaa" => line(&mut bench, format_args!("{name} AAAA 2001:db8::{:x}", index % 65_535)),
            "a_private" => line(&mut bench, format_args!("{name} A 10.0.0.{}", index % 250 + 1)),
            "mx_private" => line(&mut bench, format_args!("{name} MX 10 inside")),
            "cname" => line(&mut bench, format_args!("{name} CNAME tgt{index}\ntgt{index} MX 10 mx{host}.prov")),
            "cname_dangling" => line(&mut bench, format_args!("{name} CNAME gone{index}")),
            "cname_chain" => line(
                &mut bench,
                format_args!("{name} CNAME p{index}\np{index} CNAME q{index}\nq{index} CNAME d0000000"),
            ),
            "cname_outside" => {
                line(&mut bench, format_args!("{name} CNAME o{index}.outside."));
                line(&mut outside, format_args!("o{index} MX 10 mx{host}.prov.bench."));
            }
            "nodata" => line(&mut bench, format_args!("{name} TXT \"hello\"")),
            "spf_none" => line(&mut bench, format_args!("{name} TXT \"v=spf1 -all\"")),
            "mx_dangling" => line(&mut bench, format_args!("{name} MX 10 nowhere{index}.prov")),
            "mx_second" => line(&mut bench, format_args!("{name} MX 10 nowhere.prov\n{name} MX 20 mx{host}.prov")),
            "mx_alias" => line(&mut bench, format_args!("{name} MX 10 named")),
            "mx_ip" => line(&mut bench, format_args!("{name} MX 10 192.0.2.7.")),
            _ => {}
        }
        truth.push(Owed { domain: format!("{name}.bench"), case, outcome });
    }
    Zone { bench, outside, truth }
}

/// Domains for which the server fails (below `sf.bench`) or Unbound keeps silent (below `to.bench`).
pub(crate) fn failing(count: usize, below: &'static str) -> Vec<Owed> {
    let outcome = if below == "sf.bench" { "temporary" } else { "timeout" };
    (0..count).map(|index| Owed { domain: format!("x{index:04}.{below}"), case: below, outcome }).collect()
}

fn drawn(mut at: u32) -> (u32, &'static str, &'static str) {
    for case in CASES {
        if at < case.0 {
            return case;
        }
        at -= case.0;
    }
    CASES[0]
}

fn line(zone: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = writeln!(zone, "{text}");
}

/// A fixed source of numbers (xorshift), so that every run sees the same zone and the same losses.
#[derive(Debug, Clone)]
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 32) % u64::from(bound)) as u32
    }
}
