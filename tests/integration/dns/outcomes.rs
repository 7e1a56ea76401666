//! Each case has its outcome, from the authoritative server and through a recursive one.

use tiuv::dns::Trust;
use tiuv::record::{MxCertainty, MxOutcome};

use super::servers::{are_installed, knot, knot_at, unbound};
use super::zone::{failing, zone};
use super::{asking, check, names, rules, shipped, wrong};

#[test]
fn every_case_has_its_outcome_at_an_authoritative_server() {
    if !are_installed() {
        return;
    }
    let zone = zone(400);
    let server = knot(&zone);
    let owed = [zone.truth, failing(20, "sf.bench")].concat();
    let checked = check(&rules(), asking(&[server.address]), &names(&owed));
    assert_eq!(wrong(&checked, &owed), [].into());
    assert_eq!(checked.stats.stopped, None);
    assert_eq!(checked.stats.resolvers[0].trust, Trust::Trusted);
}

#[test]
fn every_case_has_its_outcome_through_a_recursive_server() {
    if !are_installed() {
        return;
    }
    let zone = zone(400);
    let authority = knot(&zone);
    let server = unbound(&authority);
    let owed = [zone.truth, failing(20, "sf.bench"), failing(20, "to.bench")].concat();
    let checked = check(&rules(), asking(&[server.address]), &names(&owed));
    assert_eq!(wrong(&checked, &owed), [].into());
}

#[test]
fn what_a_server_is_not_responsible_for_is_refused_and_not_dead() {
    if !are_installed() {
        return;
    }
    let zone = zone(20);
    let server = knot(&zone);
    let checked = check(&rules(), asking(&[server.address]), &["shop.example", "d0000000.bench"]);
    assert_eq!(checked.statuses["shop.example"].outcome, MxOutcome::Refused);
    assert_eq!(checked.statuses["shop.example"].certainty, MxCertainty::Unknown);
    assert_eq!(checked.statuses["d0000000.bench"].certainty, MxCertainty::Alive);
}

#[test]
fn a_resolver_of_a_private_network_is_used_when_it_was_named() {
    if !are_installed() {
        return;
    }
    let zone = zone(40);
    let server = knot(&zone);
    // The canaries of the internet are refused there.
    let mut rules = shipped();
    rules.backoff_ms = vec![20];
    let checked = check(&rules, asking(&[server.address]), &names(&zone.truth));
    assert_eq!(wrong(&checked, &zone.truth), [].into());
    assert_eq!(checked.stats.resolvers[0].trust, Trust::Unproven);
}

#[test]
fn a_recursive_server_is_used_for_the_names_it_knows_with_the_internet_or_without() {
    if !are_installed() {
        return;
    }
    let zone = zone(40);
    let authority = knot(&zone);
    let server = unbound(&authority);
    let checked = check(&shipped(), asking(&[server.address]), &names(&zone.truth));
    assert_eq!(wrong(&checked, &zone.truth), [].into());
}

#[test]
fn an_answer_comes_with_its_evidence() {
    if !are_installed() {
        return;
    }
    let zone = zone(20);
    let server = knot(&zone);
    let case = |name: &str| zone.truth.iter().find(|owed| owed.case == name).expect("is there").domain.clone();
    let (plain, alias, dead, many) = (case("mx"), case("cname"), case("nx"), case("mx_many"));
    let checked = check(&rules(), asking(&[server.address]), &[&plain, &alias, &dead, &many]);
    let answer = |domain: &str| checked.statuses[domain].answer.clone().expect("was answered");
    let found = answer(&plain);
    assert_eq!((found.hosts.len(), found.addresses.len(), found.ttl_s), (2, 1, 3_600));
    assert_eq!((found.hosts[0].preference, found.said.as_str()), (10, "NOERROR"));
    assert!(found.hosts[0].name.ends_with(".prov.bench"), "{found:?}");
    assert_eq!(found.resolver, Some(server.address));
    assert!(answer(&alias).alias.is_some_and(|alias| alias.starts_with("tgt")));
    let found = answer(&dead);
    assert_eq!((found.said.as_str(), found.ttl_s), ("NXDOMAIN", 300));
    assert_eq!(checked.statuses[&dead].certainty, MxCertainty::Pending);
    assert_eq!(answer(&many).hosts.len(), 40);
}

#[test]
fn what_can_not_be_a_domain_is_not_checked() {
    if !are_installed() {
        return;
    }
    let zone = zone(20);
    let server = knot(&zone);
    let strange = ["", ".", "a..bench", "a b.bench", "[192.0.2.1]", "\u{202e}x.bench", &"a".repeat(64)];
    let checked = check(&rules(), asking(&[server.address]), &strange);
    for domain in strange {
        assert_eq!(checked.statuses[domain].outcome, MxOutcome::NotChecked, "{domain:?}");
    }
    assert_eq!(checked.stats.stopped, None);
}

#[test]
fn a_domain_is_looked_up_once_however_it_is_spelt() {
    if !are_installed() {
        return;
    }
    let zone = zone(20);
    let server = knot(&zone);
    let spelt = ["d0000000.bench", "D0000000.Bench", "d0000000.bench.", "d0000000.bench"];
    let checked = check(&rules(), asking(&[server.address]), &spelt);
    assert_eq!((checked.stats.domains, checked.stats.looked_up), (1, 1));
    assert_eq!(checked.statuses.len(), 3);
    assert!(checked.statuses.values().all(|said| said.outcome == MxOutcome::MxOk));
}

#[test]
fn a_resolver_is_reached_by_ip_version_6() {
    let v6 = std::net::Ipv6Addr::LOCALHOST;
    if !are_installed() || std::net::UdpSocket::bind((v6, 0)).is_err() {
        return;
    }
    let zone = zone(60);
    let server = knot_at(&zone, v6.into());
    let mut rules = rules();
    rules.edns_bytes = 0;
    let checked = check(&rules, asking(&[server.address]), &names(&zone.truth));
    assert_eq!(wrong(&checked, &zone.truth), [].into());
    assert!(checked.stats.resolvers[0].by_tcp > 0, "answers beyond 512 bytes come by TCP");
}
