namespace Stackmill.Runs.Plans;

/// <summary>The JSON Schema of plans, as it is published.</summary>
internal static class PlanSchema
{
    /// <summary>The schema.</summary>
    public const string Text = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "Plan of a Stackmill run",
          "description": "Groups of tasks. Tasks of a group may be done at the same time, in any order and more than once, when all groups that it needs are done.",
          "type": "object",
          "required": ["schema_version", "id", "program", "source", "input_key", "versions", "slots", "configuration", "groups"],
          "additionalProperties": false,
          "properties": {
            "schema_version": { "const": 1 },
            "id": { "type": "string", "pattern": "^[0-9a-f]{64}$", "description": "SHA-256 of the plan without its id." },
            "program": { "type": "string", "description": "Version of the program that all workers must have." },
            "source": { "type": "string", "description": "The input, as workers open it." },
            "input_key": { "type": "string", "description": "Stands for the state of the input; empty when the first stage finds it out." },
            "versions": { "type": "object", "additionalProperties": { "type": "integer" }, "description": "Version of each stage's code." },
            "slots": { "type": "integer", "minimum": 0, "description": "Number of tasks that was asked for; 0 when the plan chose it." },
            "configuration": { "type": "object", "description": "The whole configuration, without secrets." },
            "groups": {
              "type": "array",
              "minItems": 1,
              "description": "Each comes after those that it needs.",
              "items": {
                "type": "object",
                "required": ["group", "stage", "kind", "needs", "count", "inputs", "outputs", "resources", "tasks"],
                "additionalProperties": false,
                "properties": {
                  "group": { "type": "string", "pattern": "^[a-z_]+(\\.[a-z_]+)?$" },
                  "stage": { "type": "string" },
                  "kind": { "enum": ["tasks", "finish", "stage"], "description": "tasks divide shards; finish ends a stage with manifest and reports; stage is a whole stage in one task." },
                  "needs": { "type": "array", "items": { "type": "string" }, "uniqueItems": true },
                  "count": { "type": "integer", "minimum": 1, "description": "Number of tasks, which stays. Task i does every shard whose number leaves the remainder i when it is divided by the count." },
                  "shards": { "type": "integer", "minimum": 0, "description": "Number of shards; missing while it is not known." },
                  "inputs": { "type": "array", "items": { "type": "string" }, "description": "Paths below the project folder, or input." },
                  "outputs": { "type": "array", "items": { "type": "string" }, "description": "Paths below the project folder." },
                  "bytes": { "type": "integer", "minimum": 0, "description": "Bytes of content that are read, at most; missing while they are not known." },
                  "resources": {
                    "type": "object",
                    "required": ["memory_bytes", "cpus"],
                    "additionalProperties": false,
                    "properties": {
                      "memory_bytes": { "type": "integer", "minimum": 1 },
                      "cpus": { "type": "integer", "minimum": 1 },
                      "seconds": { "type": "integer", "minimum": 1, "description": "Seconds of the longest task on one core, estimated." }
                    }
                  },
                  "tasks": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                      "type": "object",
                      "required": ["id", "index"],
                      "additionalProperties": false,
                      "properties": {
                        "id": { "type": "string", "description": "What 'stackmill task' takes." },
                        "index": { "type": "integer", "minimum": 0 },
                        "bytes": { "type": "integer", "minimum": 0 },
                        "seconds": { "type": "integer", "minimum": 1 },
                        "shards": { "type": "array", "items": { "type": "string" }, "description": "Names of its shards, where they are known." }
                      }
                    }
                  }
                }
              }
            }
          }
        }

        """;
}
