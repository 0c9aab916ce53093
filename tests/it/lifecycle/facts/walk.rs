//! Each fact of an Input in turn, gone or changed, for each settled example in each scope.
//!
//! Nothing here lists fields: the places are those of the Input itself, and the schema says what else a value can be.

use std::{collections::BTreeMap, sync::OnceLock, thread};

use manifests::ScopeArg;
use serde_json::{Value, json};
use xcluster::{compose::compose, wire::structpb::Struct};

use crate::{
    api::examples::input,
    fixture::merge,
    support::{
        cases::{Case, SCOPES, runs},
        simulator::{Step, World, fatal, on_wire},
    },
};

/// The JSON pointers of all values, objects and lists before what is in them.
fn pointers(value: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), value))
            .collect(),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.map(|(n, value)| (n.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    let below = children.into_iter().flat_map(|(name, value)| {
        let below = pointers(value).into_iter();
        let below = below.map(|rest| format!("/{name}{rest}"));
        [format!("/{name}")]
            .into_iter()
            .chain(below)
            .collect::<Vec<_>>()
    });
    below.collect()
}

/// The places of an Input, but for what makes it one.
fn places(input: &Value) -> Vec<String> {
    let mut places = pointers(input);
    places.retain(|place| !matches!(place.as_str(), "/apiVersion" | "/kind"));
    places
}

fn without(value: &Value, pointer: &str) -> Value {
    let mut value = value.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match value.pointer_mut(parent).unwrap() {
        Value::Object(fields) => drop(fields.remove(name)),
        Value::Array(items) => drop(items.remove(name.parse().unwrap())),
        other => panic!("{pointer}: {other}"),
    }
    value
}

/// The schema of a place.
fn schema_at<'s>(schema: &'s Value, pointer: &str) -> &'s Value {
    pointer.split('/').skip(1).fold(schema, |at, name| {
        let known = [
            &at["properties"][name],
            &at["additionalProperties"],
            &at["items"],
        ];
        let mut known = known.into_iter().filter(|schema| schema.is_object());
        known
            .next()
            .unwrap_or_else(|| panic!("the schema has no {pointer}"))
    })
}

/// Other values of a leaf, likely ones first.
fn others(schema: &Value, now: &Value) -> Vec<Value> {
    match now {
        Value::Bool(now) => vec![json!(!now)],
        Value::Number(now) => {
            let now = now.as_u64().unwrap();
            vec![json!(now + 1), json!(now - 1)]
        }
        Value::String(now) => {
            let choices = schema["enum"].as_array().cloned().unwrap_or_default();
            let choices = choices.into_iter().filter(|choice| choice != now.as_str());
            let next = |c: char| match c {
                '0'..='8' | 'a'..='y' | 'A'..='Y' => char::from_u32(u32::from(c) + 1).unwrap(),
                'z' => 'a',
                _ => '1',
            };
            let altered = |at: usize| {
                let letters = now.char_indices();
                let letters = letters.map(|(n, c)| if n == at { next(c) } else { c });
                json!(letters.collect::<String>())
            };
            let last = now.len() - 1;
            choices
                .chain([altered(last), altered(0), json!(format!("{now}-2"))])
                .collect()
        }
        _ => Vec::new(),
    }
}

fn with(value: &Value, pointer: &str, other: &Value) -> Value {
    let mut value = value.clone();
    *value.pointer_mut(pointer).unwrap() = other.clone();
    value
}

/// The paths of all that an object says, with what it says.
fn said(value: &Value, path: &str, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                said(value, &format!("{path}.{name}"), found);
            }
        }
        Value::Array(items) => {
            for (n, value) in items.iter().enumerate() {
                said(value, &format!("{path}[{n}]"), found);
            }
        }
        other => drop(found.insert(path.to_owned(), other.clone())),
    }
}

/// What all objects of a world say.
fn all_said(world: &World) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for (key, mut object) in world.observed() {
        if let Some(fields) = object.as_object_mut() {
            fields.remove("status");
        }
        said(&object, &key, &mut found);
    }
    found
}

/// An example that is settled with an Input.
struct Settled {
    title: String,
    world: World,
    input: Value,
    /// The last reconcile.
    last: Step,
    /// What all objects say.
    said: BTreeMap<String, Value>,
}

impl Settled {
    fn new(title: String, mut world: World, input: Value) -> Self {
        let last = world.reconcile();
        assert_eq!(last.fatal(), None, "{title}");
        let said = all_said(&world);
        Self {
            title,
            world,
            input,
            last,
            said,
        }
    }

    /// All examples in all scopes, each with its own Input and with one that says everything.
    fn all() -> &'static [Self] {
        static ALL: OnceLock<Vec<Settled>> = OnceLock::new();
        ALL.get_or_init(|| {
            let own = runs().iter().map(|run| {
                let input = serde_json::to_value(&run.world.input).unwrap();
                Self::new(run.title(), run.world.clone(), input)
            });
            let cases = Case::all();
            let full = thread::scope(|threads| {
                let all = cases
                    .iter()
                    .flat_map(|case| SCOPES.map(|scope| (case, scope)));
                let running: Vec<_> = all
                    .map(|it| threads.spawn(move || Self::full(it.0, it.1)))
                    .collect();
                running
                    .into_iter()
                    .map(|it| it.join().unwrap())
                    .collect::<Vec<_>>()
            });
            own.filter(|it| it.input.is_object()).chain(full).collect()
        })
    }

    fn full(case: &Case, (scope, name): (ScopeArg, &str)) -> Self {
        let mut full = input().full;
        let region = [case.composite["spec"]["region"].clone()];
        merge(
            &mut full,
            &json!({
                "allowedRegions": {"aws": region, "gcp": region},
                "argocd": {"providerConfigRef": {"name": "argocd"}},
                "traffic": {"zone": {"aws": {"providerConfigRef": {"name": "dns"}}}},
            }),
        );
        if let Some(account) = case.composite["spec"].get("account") {
            merge(
                &mut full,
                &json!({"accounts": {"default": {"gcp": account}}}),
            );
        }
        if let Some(own) = &case.input {
            merge(&mut full, &serde_json::to_value(own).unwrap());
        }
        let mut world = case.world_in(scope);
        world.set_input(&full);
        let title = format!("{} as {name} with a full Input", case.name);
        world.settle();
        Self::new(title, world, full)
    }

    /// What an edit of the Input takes away; none if it is refused.
    fn losses(&self, input: &Value) -> Option<Vec<String>> {
        let mut request = self.world.request();
        request.input = on_wire(input).resource;
        let answer = compose(request);
        if fatal(&answer).is_some() {
            return None;
        }
        if answer.desired == self.last.response.desired {
            return Some(Vec::new());
        }
        let mut world = self.world.clone();
        world.others = Some(Vec::new());
        world.set_input(input);
        let had = ready_kinds(&self.last);
        let (mut losses, mut last) = (Vec::new(), None);
        for _ in 0..8 {
            let step = world.reconcile();
            assert_eq!(step.fatal(), None, "{}: {input}", self.title);
            let has = ready_kinds(&step);
            let observed = &step.request.observed.as_ref().unwrap().resources;
            for key in &step.deleted {
                let kind = kind_of(&plain(observed[key].resource.as_ref()));
                // What takes its place is ready.
                if has.get(&kind) < had.get(&kind) {
                    losses.push(format!("{key} is deleted"));
                }
            }
            // What rests is asked the same and answers the same from now on.
            if !world.tick() && last.as_ref() == Some(&step.response) {
                break;
            }
            last = Some(step.response);
        }
        let after = all_said(&world);
        let objects = world.observed();
        let stays = |path: &str| objects.contains_key(path.split('.').next().unwrap());
        let lost = self
            .said
            .keys()
            .filter(|path| stays(path) && !after.contains_key(*path));
        losses.extend(lost.map(|path| format!("{path} is gone")));
        Some(losses)
    }

    /// All losses of edits, each of which a place of the Input has; and how many edits there were.
    fn tried(
        &self,
        edits: impl Fn(&Value, &str) -> Vec<Value>,
        is_loss: impl Fn(&str) -> bool,
    ) -> (usize, Vec<String>) {
        let (mut tried, mut lost) = (0, Vec::new());
        for place in places(&self.input) {
            // The first one that is not refused.
            let mut edits = edits(&self.input, &place).into_iter();
            let losses = edits.find_map(|edit| self.losses(&edit));
            tried += usize::from(losses.is_some());
            let losses = losses.into_iter().flatten().filter(|loss| is_loss(loss));
            lost.extend(losses.map(|loss| format!("{}: {place}: {loss}", self.title)));
        }
        (tried, lost)
    }
}

fn plain(object: Option<&Struct>) -> Value {
    serde_json::to_value(object).unwrap()
}

fn kind_of(object: &Value) -> String {
    format!("{} {}", object["apiVersion"], object["kind"])
}

/// How many desired objects of each kind are ready.
fn ready_kinds(step: &Step) -> BTreeMap<String, usize> {
    let ready = step.ready();
    let mut kinds = BTreeMap::new();
    for (key, object) in step.desired() {
        if ready.contains(&key) {
            *kinds.entry(kind_of(&object)).or_default() += 1;
        }
    }
    kinds
}

/// Tries edits of all Inputs, and returns how many were not refused.
fn try_all(
    edits: impl Fn(&Value, &str) -> Vec<Value> + Copy + Send + Sync,
    is_loss: impl Fn(&str) -> bool + Copy + Send + Sync,
) -> usize {
    let results = thread::scope(|threads| {
        let running = Settled::all()
            .iter()
            .map(|it| threads.spawn(move || it.tried(edits, is_loss)));
        let running: Vec<_> = running.collect();
        running
            .into_iter()
            .map(|it| it.join().unwrap())
            .collect::<Vec<_>>()
    });
    let lost: Vec<_> = results.iter().flat_map(|(_, lost)| lost).collect();
    assert!(lost.is_empty(), "{} losses: {lost:#?}", lost.len());
    results.iter().map(|(tried, _)| tried).sum()
}

#[test]
fn nothing_is_lost_with_a_fact_of_the_platform() {
    let tried = try_all(|input, place| vec![without(input, place)], |_| true);
    assert!(tried > 1000, "{tried}");
}

/// Another value can mean other fields, such as another way to log in; but all objects stay.
#[test]
fn no_object_is_lost_when_a_fact_of_the_platform_changes() {
    let schema = input().schema;
    let edits = |input: &Value, place: &str| {
        let now = input.pointer(place).unwrap();
        if now.is_object() || now.is_array() {
            return Vec::new();
        }
        let others = others(schema_at(&schema, place), now).into_iter();
        others.map(|other| with(input, place, &other)).collect()
    };
    let tried = try_all(edits, |loss| loss.ends_with("is deleted"));
    assert!(tried > 500, "{tried}");
}
