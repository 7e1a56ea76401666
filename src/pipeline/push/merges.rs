//! Which keys of a list are one customer: a table for whoever merges them, since nothing is ever deleted from here.

use std::collections::HashMap;

use csv::StringRecord;

use super::error::PushError;
use super::results::RunResults;

/// Old key, surviving key and customer of each row whose key does not survive; none where no customers were looked for, or no
/// column holds keys.
pub(super) fn merged(results: &RunResults) -> Result<Option<Vec<[String; 3]>>, PushError> {
    let (Some(key), Some(mut customers)) = (&results.key, results.table("customers.csv")?) else { return Ok(None) };
    let mut row = StringRecord::new();
    let header = customers.header()?;
    let place = |name: &str| header.iter().position(|own| own == name);
    let (Some(customer), Some(records), Some(id)) = (place("tiuv_customer"), place("records"), place("id")) else {
        return Ok(None);
    };
    // By customer the key that survives, of those who are several rows.
    let mut survives: HashMap<String, String> = HashMap::new();
    while customers.read(&mut row)? {
        let [customer, records, id] = [customer, records, id].map(|place| row.get(place).unwrap_or_default());
        if records != "1" && !id.is_empty() {
            survives.insert(customer.to_owned(), id.to_owned());
        }
    }
    let Some(mut rows) = results.table("rows.csv")? else { return Ok(None) };
    let header = rows.header()?;
    let place = |name: &str| header.iter().position(|own| own == name);
    let (Some(key), Some(customer)) = (place(key), place("tiuv_customer")) else { return Ok(None) };
    let mut merges = Vec::new();
    while rows.read(&mut row)? {
        let (own, customer) = (row.get(key).unwrap_or_default().trim(), row.get(customer).unwrap_or_default());
        if let Some(survivor) = survives.get(customer).filter(|survivor| *survivor != own && !own.is_empty()) {
            merges.push([own.to_owned(), survivor.clone(), customer.to_owned()]);
        }
    }
    Ok(Some(merges))
}
