//! Google's discovery documents: which methods an API has, and what they take.
//!
//! <https://developers.google.com/discovery/v1/reference/apis>. The documents come with Google's Go client,
//! which Terraform's provider is built on (`google.golang.org/api`).

mod check;

use std::collections::BTreeMap;

use serde_json::Value;

pub use check::problems;

/// One API.
pub struct Api {
    /// Its schemas by name.
    schemas: Value,
    methods: Vec<Method>,
    parameters: Value,
}

/// A method of an API.
pub struct Method {
    /// Its id, such as `container.projects.locations.clusters.create`.
    pub id: String,
    verb: String,
    path: Vec<String>,
    parameters: Value,
    /// The schema of what is sent.
    request: Option<String>,
    /// The schema of what is answered.
    response: Option<String>,
}

/// A call that an API takes.
pub struct Call {
    /// The method's id.
    pub method: String,
    /// The variable parts of the path, in their order.
    pub path: Vec<String>,
    /// The query.
    pub query: BTreeMap<String, String>,
    /// What was sent; null if nothing was.
    pub body: Value,
}

impl Api {
    /// Reads a document.
    pub fn new(document: &Value) -> Self {
        let service = document["servicePath"].as_str().unwrap_or_default();
        let mut methods = Vec::new();
        collect(document, service, &mut methods);
        Self {
            schemas: document["schemas"].clone(),
            methods,
            parameters: document["parameters"].clone(),
        }
    }

    /// The method of a request, and the variable parts of its path.
    pub fn find(&self, verb: &str, path: &str) -> Option<(&Method, Vec<String>)> {
        let segments: Vec<_> = path.trim_matches('/').split('/').collect();
        let mut methods = self.methods.iter().filter(|method| method.verb == verb);
        methods.find_map(|method| Some((method, method.variables(&segments)?)))
    }

    /// What the API would not take of a request.
    pub fn request_problems(
        &self,
        method: &Method,
        query: &BTreeMap<String, String>,
        body: &Value,
    ) -> Vec<String> {
        let known = |name: &str| {
            method.parameters.get(name).is_some() || self.parameters.get(name).is_some()
        };
        let unknown = query.keys().filter(|name| !known(name));
        let mut problems: Vec<_> = unknown
            .map(|name| format!("Unknown name \"{name}\": Cannot bind query parameter."))
            .collect();
        match &method.request {
            Some(schema) => problems.extend(self.problems(schema, body)),
            None if body.is_null() || *body == Value::Object(serde_json::Map::new()) => {}
            None => problems.push("the method takes no body".to_owned()),
        }
        problems
    }

    /// What an answer has that the API does not know.
    pub fn response_problems(&self, method: &Method, body: &Value) -> Vec<String> {
        let schema = method.response.as_deref();
        schema.map_or_else(Vec::new, |schema| self.problems(schema, body))
    }

    fn problems(&self, schema: &str, body: &Value) -> Vec<String> {
        let schema = serde_json::json!({"$ref": schema});
        problems(&self.schemas, &schema, body)
    }
}

fn collect(from: &Value, service: &str, methods: &mut Vec<Method>) {
    for method in from["methods"]
        .as_object()
        .into_iter()
        .flat_map(serde_json::Map::values)
    {
        let text = |name: &str| method[name].as_str().unwrap_or_default().to_owned();
        let path = match text("flatPath") {
            flat if flat.is_empty() => text("path"),
            flat => flat,
        };
        let path = format!("{service}{path}");
        methods.push(Method {
            id: text("id"),
            verb: text("httpMethod"),
            path: path.split('/').map(str::to_owned).collect(),
            parameters: method["parameters"].clone(),
            request: method["request"]["$ref"].as_str().map(str::to_owned),
            response: method["response"]["$ref"].as_str().map(str::to_owned),
        });
    }
    for inner in from["resources"]
        .as_object()
        .into_iter()
        .flat_map(serde_json::Map::values)
    {
        collect(inner, service, methods);
    }
}

impl Method {
    fn variables(&self, segments: &[&str]) -> Option<Vec<String>> {
        if self.path.len() != segments.len() {
            return None;
        }
        let mut variables = Vec::new();
        for (wanted, given) in self.path.iter().zip(segments) {
            let Some((name, verb)) = wanted.split_once('}') else {
                if wanted != given {
                    return None;
                }
                continue;
            };
            let (before, _) = name.split_once('{')?;
            let value = given.strip_prefix(before)?.strip_suffix(verb)?;
            // A custom verb is no part of a name.
            if value.is_empty() || (verb.is_empty() && value.contains(':')) {
                return None;
            }
            variables.push(value.to_owned());
        }
        Some(variables)
    }
}
