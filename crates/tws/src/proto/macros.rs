//! `message!`: one declaration of a wire message, from which both the prost struct and the table
//! of the strict walk are made.
//!
//! ```text
//! message! {
//!     Name {
//!         1 order_id: int32,
//!         2 contract: message(Contract),
//!         20 combo_legs: repeated(ComboLeg),
//!         62 algo_params: map,
//!         138 deactivate: bool since 216,
//!     }
//! }
//! ```
//! Kinds: int32, int64, bool, double, text, texts (repeated text), ints (repeated int32,
//! unpacked), map, message(T), repeated(T). Every scalar is optional.

macro_rules! message {
    ($($name:ident { $($body:tt)* })+) => {
        $(message!(@next $name {} [] $($body)*);)+
    };

    (@next $name:ident { $($field:tt)* } [ $($row:tt)* ]) => {
        #[derive(Clone, PartialEq, prost::Message)]
        pub(crate) struct $name { $($field)* }

        impl $crate::schema::Described for $name {
            const SCHEMA: &'static $crate::schema::Schema = {
                &$crate::schema::Schema { name: stringify!($name), fields: &[ $($row)* ] }
            };
        }
    };

    (@next $name:ident $f:tt $r:tt $tag:tt $field:ident : int32 $(since $since:literal)?, $($rest:tt)*) => {
        message!(@add $name $f $r [$tag $field int32, optional] [Option<i32>] [$crate::schema::Kind::Int32] [false] [$($since)?] $($rest)*);
    };
    (@next $name:ident $f:tt $r:tt $tag:tt $field:ident : int64 $(since $since:literal)?, $($rest:tt)*) => {
        message!(@add $name $f $r [$tag $field int64, optional] [Option<i64>] [$crate::schema::Kind::Int64] [false] [$($since)?] $($rest)*);
    };
    (@next $name:ident $f:tt $r:tt $tag:tt $field:ident : bool $(since $since:literal)?, $($rest:tt)*) => {
        message!(@add $name $f $r [$tag $field bool, optional] [Option<bool>] [$crate::schema::Kind::Bool] [false] [$($since)?] $($rest)*);
    };
    (@next $name:ident $f:tt $r:tt $tag:tt $field:ident : double $(since $since:literal)?, $($rest:tt)*) => {
        message!(@add $name $f $r [$tag $field double, optional] [Option<f64>] [$crate::schema::Kind::Double] [false] [$($since)?] $($rest)*);
    };
    (@next $name:ident $f:tt $r:tt $tag:tt $field:ident : text $(since $since:literal)?, $($rest:tt)*) => {
        message!(@add $name $f $r [$tag $field string, optional] [Option<String>] [$crate::schema::Kind::Text] [false] [$($since)?] $($rest)*);
    };
    (@next $name:ident $f:tt $r:tt $tag:tt $field:ident : texts $(since $since:literal)?, $($rest:tt)*) => {
        message!(@add $name $f $r [$tag $field string, repeated] [Vec<String>] [$crate::schema::Kind::Text] [true] [$($since)?] $($rest)*);
    };
    (@next $name:ident $f:tt $r:tt $tag:tt $field:ident : map $(since $since:literal)?, $($rest:tt)*) => {
        message!(@add $name $f $r [$tag $field btree_map = "string, string"] [std::collections::BTreeMap<String, String>] [$crate::schema::Kind::Map] [true] [$($since)?] $($rest)*);
    };
    (@next $name:ident $f:tt $r:tt $tag:tt $field:ident : message($type:ident) $(since $since:literal)?, $($rest:tt)*) => {
        message!(@add $name $f $r [$tag $field message, optional] [Option<$type>] [$crate::schema::Kind::Message(<$type as $crate::schema::Described>::SCHEMA)] [false] [$($since)?] $($rest)*);
    };
    (@next $name:ident $f:tt $r:tt $tag:tt $field:ident : repeated($type:ident) $(since $since:literal)?, $($rest:tt)*) => {
        message!(@add $name $f $r [$tag $field message, repeated] [Vec<$type>] [$crate::schema::Kind::Message(<$type as $crate::schema::Described>::SCHEMA)] [true] [$($since)?] $($rest)*);
    };

    (@add $name:ident { $($f:tt)* } [ $($r:tt)* ] [$tag:tt $field:ident $($attribute:tt)*] [$type:ty] [$kind:expr] [$repeated:literal] [$($since:literal)?] $($rest:tt)*) => {
        message!(@next $name
            { $($f)* #[prost($($attribute)*, tag = $tag)] pub(crate) $field: $type, }
            [ $($r)* $crate::schema::Field { tag: $tag, name: stringify!($field), kind: $kind, repeated: $repeated, since: 0 $(+ $since)? }, ]
            $($rest)*);
    };
}

pub(crate) use message;
