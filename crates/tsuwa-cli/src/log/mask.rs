//! Other names for users and devices, so that a log can be shown to somebody whom they are no business of.
//!
//! The same id gets the same name everywhere, and names sort as the ids did: what a replay does in the order of the
//! ids, it does in the same order with the names. What the apps sent along with a call is left out.

use serde::de::DeserializeOwned;
use serde::ser::{self, Serialize, Serializer};
use serde_json::{Error, Map, Value};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use tsuwa_server::store::LogFile;

/// What is written instead of what an app sent along.
const LEFT_OUT: &str = "masked";

/// The same log with other names.
///
/// # Errors
/// It can't be written down. None that was read can't.
pub(super) fn masked(log: &LogFile) -> Result<LogFile, Error> {
    let mut mask = Mask::default();
    // Once to learn all ids, and then with their names.
    with(&mask, log)?;
    mask.names = Some(Names::of(&mask.seen.take()));
    with(&mask, log)
}

fn with(mask: &Mask, log: &LogFile) -> Result<LogFile, Error> {
    let snapshot = log.snapshot.as_ref().map(|snapshot| each(mask, snapshot)).transpose()?;
    let entries = log.entries.iter().map(|entry| each(mask, entry)).collect::<Result<_, _>>()?;
    Ok(LogFile { snapshot, entries, ..log.clone() })
}

fn each<T: Serialize + DeserializeOwned>(mask: &Mask, each: &Result<T, String>) -> Result<Result<T, String>, Error> {
    match each {
        Ok(whole) => serde_json::from_value(whole.serialize(mask)?).map(Ok),
        // Where it breaks is said in front; what is said behind may quote it.
        Err(fault) => Ok(Err(fault.split_inclusive("can't be read").next().unwrap_or_default().to_owned())),
    }
}

type Ids = BTreeMap<&'static str, BTreeSet<String>>;

#[derive(Default)]
struct Mask {
    seen: RefCell<Ids>,
    names: Option<Names>,
}

struct Names(BTreeMap<(&'static str, String), String>);

/// What the types are called whose values are masked, and what their names begin with.
const TYPES: [(&str, char); 2] = [("UserId", 'u'), ("DeviceId", 'd')];

impl Names {
    fn of(seen: &Ids) -> Self {
        let mut names = BTreeMap::new();
        for (kind, letter) in TYPES {
            let Some(ids) = seen.get(kind) else { continue };
            // All of one length, so that they sort as numbers do.
            let digits = ids.len().to_string().len();
            let named = |(n, id): (usize, &String)| ((kind, id.clone()), format!("{letter}{:0digits$}", n + 1));
            names.extend(ids.iter().enumerate().map(named));
        }
        Self(names)
    }
}

impl Mask {
    fn name(&self, kind: &'static str, id: String) -> String {
        let Some(Names(names)) = &self.names else {
            self.seen.borrow_mut().entry(kind).or_default().insert(id.clone());
            return id;
        };
        names.get(&(kind, id)).cloned().unwrap_or_else(|| LEFT_OUT.to_owned())
    }

    fn many(&self, variant: Option<&'static str>) -> Many<'_> {
        Many { mask: self, variant, values: Vec::new(), fields: Map::new(), key: String::new() }
    }
}

/// A sequence or a map that is being written.
struct Many<'a> {
    mask: &'a Mask,
    variant: Option<&'static str>,
    values: Vec<Value>,
    fields: Map<String, Value>,
    key: String,
}

impl Many<'_> {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.values.push(value.serialize(self.mask)?);
        Ok(())
    }

    fn put<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), Error> {
        let mut value = value.serialize(self.mask)?;
        if matches!(key, "user_data" | "userData") && !value.is_null() {
            value = LEFT_OUT.into();
        }
        self.fields.insert(key.to_owned(), value);
        Ok(())
    }

    fn list(self) -> Value {
        wrapped(self.variant, Value::Array(self.values))
    }

    fn object(self) -> Value {
        wrapped(self.variant, Value::Object(self.fields))
    }
}

fn wrapped(variant: Option<&str>, value: Value) -> Value {
    match variant {
        Some(variant) => Value::Object(Map::from_iter([(variant.to_owned(), value)])),
        None => value,
    }
}

macro_rules! plain {
    ($($name:ident: $kind:ty),*) => {
        $(fn $name(self, value: $kind) -> Result<Value, Error> {
            Ok(value.into())
        })*
    };
}

impl<'a> Serializer for &'a Mask {
    type Ok = Value;
    type Error = Error;
    type SerializeSeq = Many<'a>;
    type SerializeTuple = Many<'a>;
    type SerializeTupleStruct = Many<'a>;
    type SerializeTupleVariant = Many<'a>;
    type SerializeMap = Many<'a>;
    type SerializeStruct = Many<'a>;
    type SerializeStructVariant = Many<'a>;

    plain!(serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_f32: f32,
        serialize_f64: f64, serialize_str: &str, serialize_bytes: &[u8]);

    fn serialize_char(self, value: char) -> Result<Value, Error> {
        Ok(value.to_string().into())
    }

    fn serialize_none(self) -> Result<Value, Error> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, Error> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, Error> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Value, Error> {
        Ok(variant.into())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<Value, Error> {
        let value = value.serialize(self)?;
        match (TYPES.iter().find(|(kind, _)| *kind == name), value) {
            (Some((kind, _)), Value::String(id)) => Ok(self.name(kind, id).into()),
            (_, value) => Ok(value),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, Error> {
        Ok(wrapped(Some(variant), value.serialize(self)?))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Many<'a>, Error> {
        Ok(self.many(None))
    }

    fn serialize_tuple(self, _: usize) -> Result<Many<'a>, Error> {
        Ok(self.many(None))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Many<'a>, Error> {
        Ok(self.many(None))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Many<'a>, Error> {
        Ok(self.many(Some(variant)))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Many<'a>, Error> {
        Ok(self.many(None))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Many<'a>, Error> {
        Ok(self.many(None))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Many<'a>, Error> {
        Ok(self.many(Some(variant)))
    }
}

macro_rules! list {
    ($($many:ident::$each:ident),*) => {
        $(impl ser::$many for Many<'_> {
            type Ok = Value;
            type Error = Error;

            fn $each<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.push(value)
            }

            fn end(self) -> Result<Value, Error> {
                Ok(self.list())
            }
        })*
    };
}

list!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);

macro_rules! fields {
    ($($many:ident),*) => {
        $(impl ser::$many for Many<'_> {
            type Ok = Value;
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
                self.put(key, value)
            }

            fn end(self) -> Result<Value, Error> {
                Ok(self.object())
            }
        })*
    };
}

fields!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Many<'_> {
    type Ok = Value;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.key = match key.serialize(self.mask)? {
            Value::String(key) => key,
            // Numbers, as JSON has only texts for keys.
            other => other.to_string(),
        };
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let key = std::mem::take(&mut self.key);
        self.put(&key, value)
    }

    fn end(self) -> Result<Value, Error> {
        Ok(self.object())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsuwa_proto::{DeviceId, UserId};

    #[test]
    fn ids_are_told_by_their_types_and_keep_their_order() {
        let id = |text: &str| text.parse::<UserId>().expect("an id");
        let device = "zoe".parse::<DeviceId>().expect("an id");
        let mut mask = Mask::default();
        let value = BTreeMap::from([(id("zoe"), vec![device]), (id("abe"), vec![])]);
        let first = value.serialize(&mask).expect("a value");
        assert_eq!(first, serde_json::to_value(&value).expect("a value"), "what is not masked is as it was");
        mask.names = Some(Names::of(&mask.seen.take()));
        let masked = value.serialize(&mask).expect("a value");
        assert_eq!(masked, serde_json::json!({ "u1": [], "u2": ["d1"] }));
    }
}
