//! What senders put around events: pages and posts that hold a list of them, notifications that hold one as a text, and events of
//! several recipients.

use serde_json::{Map, Value};

use crate::rule::{EventProfile, EventProfiles};

/// How events are taken out of what they come in.
#[derive(Debug, Clone, Default)]
pub struct Envelopes {
    unwrap: Vec<String>,
    texts: Vec<String>,
    /// By the names on the way to each.
    spread: Vec<Vec<String>>,
}

/// Envelopes in envelopes.
const DEEPEST: usize = 6;
/// What stands beside a list is written once for each of its items. Of one record so much may become; a list beyond that stays one.
const MOST_BYTES: usize = 32 << 20;

impl Envelopes {
    /// Those of all senders.
    pub(crate) fn of(profiles: &EventProfiles) -> Self {
        let all = |members: fn(&EventProfile) -> &Vec<String>| {
            let mut all: Vec<String> = profiles.all().iter().flat_map(members).cloned().collect();
            all.sort();
            all.dedup();
            all
        };
        let path = |names: &String| names.split('.').map(str::to_owned).collect();
        Envelopes {
            unwrap: all(|profile| &profile.unwrap),
            texts: all(|profile| &profile.unwrap_text),
            spread: all(|profile| &profile.spread).iter().map(path).collect(),
        }
    }

    /// The events of a record that is an envelope, each as an object; none where it is an event itself.
    pub(crate) fn open(&self, record: &[u8]) -> Option<Vec<Vec<u8>>> {
        // A name that occurs nowhere is no member; reading each record once more would cost as much as reading it.
        let has = |name: &String| memchr::memmem::find(record, name.as_bytes()).is_some();
        let may_be =
            self.unwrap.iter().chain(&self.texts).any(has) || self.spread.iter().any(|path| path.iter().all(has));
        if !may_be {
            return None;
        }
        let Value::Object(object) = serde_json::from_slice(record).ok()? else { return None };
        let (mut events, mut room) = (Vec::new(), MOST_BYTES);
        let is_envelope = self.take(object, 0, &mut room, &mut events);
        let written = |event: &Map<String, Value>| serde_json::to_vec(event).unwrap_or_default();
        is_envelope.then(|| events.iter().map(written).collect())
    }

    /// Adds the events of an object; whether it was more than one event by itself.
    fn take(
        &self,
        mut object: Map<String, Value>,
        depth: usize,
        room: &mut usize,
        events: &mut Vec<Map<String, Value>>,
    ) -> bool {
        if depth < DEEPEST
            && let Some(inner) = self.inside(&mut object)
        {
            for object in inner {
                self.take(object, depth + 1, room, events);
            }
            return true;
        }
        let spread = self.spread.iter().find_map(|path| Some((path, items_at(&mut object, path)?)));
        match spread {
            Some((path, items)) => {
                let beside = serde_json::to_vec(&object).map_or(usize::MAX, |bytes| bytes.len());
                let Some(left) = beside.checked_mul(items.len()).and_then(|bytes| room.checked_sub(bytes)) else {
                    put_at(&mut object, path, Value::Array(items));
                    events.push(object);
                    return true;
                };
                *room = left;
                for item in items {
                    let mut event = object.clone();
                    put_at(&mut event, path, item);
                    events.push(event);
                }
                true
            }
            None => {
                events.push(object);
                false
            }
        }
    }

    /// The objects that an object is around.
    fn inside(&self, object: &mut Map<String, Value>) -> Option<Vec<Map<String, Value>>> {
        for name in &self.unwrap {
            match object.get_mut(name) {
                Some(Value::Object(inner)) => return Some(vec![std::mem::take(inner)]),
                Some(Value::Array(items)) if items.iter().all(Value::is_object) => {
                    let objects = std::mem::take(items).into_iter().filter_map(|item| match item {
                        Value::Object(object) => Some(object),
                        _ => None,
                    });
                    return Some(objects.collect());
                }
                _ => {}
            }
        }
        self.texts.iter().find_map(|name| match serde_json::from_str(object.get(name)?.as_str()?) {
            Ok(Value::Object(inner)) => Some(vec![inner]),
            _ => None,
        })
    }
}

/// The items of a list on a way, taken from there; none where it holds nothing that could be told apart.
fn items_at(object: &mut Map<String, Value>, path: &[String]) -> Option<Vec<Value>> {
    let (last, way) = path.split_last()?;
    let mut inner = object;
    for name in way {
        inner = inner.get_mut(name)?.as_object_mut()?;
    }
    match inner.get_mut(last) {
        Some(Value::Array(items)) if !items.is_empty() => Some(std::mem::take(items)),
        _ => None,
    }
}

fn put_at(object: &mut Map<String, Value>, path: &[String], item: Value) {
    let Some((last, way)) = path.split_last() else { return };
    let mut inner = object;
    for name in way {
        let Some(next) = inner.get_mut(name).and_then(Value::as_object_mut) else { return };
        inner = next;
    }
    inner.insert(last.clone(), item);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    fn opened(record: &str) -> Option<Vec<String>> {
        let profiles = EventProfiles::load(&RuleFiles::embedded()).expect("the shipped rules load");
        let events = Envelopes::of(&profiles).open(record.as_bytes())?;
        Some(events.into_iter().map(|event| String::from_utf8(event).expect("JSON is UTF-8")).collect())
    }

    #[test]
    fn events_are_taken_out_of_what_they_come_in() {
        for (record, events) in [
            (r#"{"items":[{"a":1},{"a":2}],"paging":{}}"#, &[r#"{"a":1}"#, r#"{"a":2}"#][..]),
            (r#"{"signature":{"t":1},"event-data":{"a":1}}"#, &[r#"{"a":1}"#]),
            (r#"{"Type":"Notification","Message":"{\"a\":1}"}"#, &[r#"{"a":1}"#]),
            (
                r#"{"Records":[{"Sns":{"Message":"{\"bounce\":{\"t\":\"P\",\"bouncedRecipients\":[{\"e\":\"x\"},{\"e\":\"y\"}]}}"}}]}"#,
                &[
                    r#"{"bounce":{"t":"P","bouncedRecipients":{"e":"x"}}}"#,
                    r#"{"bounce":{"t":"P","bouncedRecipients":{"e":"y"}}}"#,
                ],
            ),
            (
                r#"{"emails":[{"email_address":"a","activity":[{"action":"open"}]},{"email_address":"b","activity":[]}]}"#,
                &[r#"{"email_address":"a","activity":{"action":"open"}}"#, r#"{"email_address":"b","activity":[]}"#],
            ),
            (r#"{"items":[]}"#, &[]),
        ] {
            assert_eq!(
                opened(record).as_deref(),
                Some(&events.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>()[..])
            );
        }
    }

    #[test]
    fn what_stands_beside_a_list_is_not_written_without_end() {
        let beside = "x".repeat(1 << 20);
        let items = vec![r#"{"action":"open"}"#; 1000].join(",");
        let record = format!(r#"{{"beside":"{beside}","activity":[{items}]}}"#);
        let events = opened(&record).expect("is an envelope");
        assert!(events.len() == 1 && events[0].len() < 2 << 20, "{}", events.len());
        assert_eq!(opened(&record.replace(&beside, "")).map(|events| events.len()), Some(1000));
    }

    #[test]
    fn an_event_by_itself_stays_as_it_is_written() {
        for record in [r#"{"a":1}"#, r#"{"items":"3"}"#, r#"{"Message":"no object"}"#, r#"{"items":["a"]}"#, "[1]", "{"]
        {
            assert_eq!(opened(record), None, "{record}");
        }
    }
}
