//! Gathers the evidence of a run: from its rows, its customers, earlier runs, event files and the workspace.

use std::sync::Arc;

use super::super::answers::answered_contacts;
use super::super::contact::contact_classes;
use super::super::{ContactReader, Customers, GoldenStage, RunError, Setup};
use super::EvidenceStage;
use super::event_files::{EventSources, EventStats};
use crate::evidence::{Evidence, Facts, Gathered, Reading, known};
use crate::record::{CustomerRows, Day, Field, RowIndex, Rows};
use crate::rule::{DeadRules, DecayRules, StatusRules};

/// Gathers all that is known. `customers` are those that could be told apart; `progress` hears bytes of event files.
pub(in super::super) fn gather(
    rows: &Rows,
    customers: Option<&Customers>,
    stage: &EvidenceStage<'_>,
    setup: &Setup,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(Evidence, EventStats), RunError> {
    let shared_by = DecayRules::load(&setup.context.files)?.limits.shared_by;
    let (reader, classes) = (ContactReader::new(setup)?, contact_classes(&setup.context)?);
    let today = Day::of(setup.context.today);
    let mut facts = Facts::default();
    for list in rows.lists() {
        setup.go_on()?;
        facts.read(list, &Reading { keys: &setup.keys, classes: &classes, today });
    }
    // Where customers were not looked for, each row is one.
    let rows_of =
        customers.map_or_else(|| Arc::new(CustomerRows::single(rows.len())), |customers| Arc::clone(customers.rows()));
    let sources = EventSources { files: stage.files, remembered: stage.remembered, reader: &reader, shared_by };
    let (events, stats) = sources.read(&facts, rows, &rows_of, setup, progress)?;
    setup.go_on()?;
    let ids = customers.map_or(&[][..], Customers::row_ids);
    let answered = answered_contacts(rows.beside(), &rows_of, &classes, setup);
    let mut evidence = Evidence::new(Gathered {
        answered,
        earlier: known(&facts, ids, stage.captures),
        facts,
        events,
        customers: rows_of,
        shared_by,
        keys: setup.keys.clone(),
        rules: StatusRules::load(&setup.context.files)?,
        dead: DeadRules::load(&setup.context.files)?,
        today,
    });
    setup.go_on()?;
    match customers {
        Some(_) => {
            const ASKED: [Field; 2] = [Field::Email, Field::Phone];
            // A value of another list is no contact of this one's: no permission of its rows goes with it.
            let stage = GoldenStage::new(rows, setup)?.only(&ASKED).of_its_lists();
            let golden = |rows: &[RowIndex]| {
                let record = stage.golden(rows);
                ASKED.map(|field| record.value(field).map_or("", |value| value.value).to_owned())
            };
            evidence.choose(Some(&golden));
        }
        None => evidence.choose(None),
    }
    Ok((evidence, stats))
}
