import * as z from 'zod';
import type { Schema } from './document';

/** Types of which others are made: where one of these is said, any of its descendants may stand. */
const OPEN = new Set(
	['entity', 'outlookItem', 'attachment', 'extension', 'directoryObject'].map(
		(name) => `microsoft.graph.${name}`,
	),
);

const part = z.union([
	z.object({ $ref: z.string() }),
	z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() }),
]);
const derived = z.object({ allOf: z.array(part) });

/**
 * The types of answers, with every property that they do not have forbidden: Microsoft's description leaves them open,
 * which would let a misspelt property of the fake pass. Annotations (`@odata.…`) are free.
 */
export function closeSchemas(
	schemas: Readonly<Record<string, Schema>>,
): Readonly<Record<string, Schema>> {
	return Object.fromEntries(
		Object.entries(schemas).map(([name, schema]) => [
			name,
			name.startsWith('microsoft.graph.') && !OPEN.has(name)
				? close(name, schema, schemas)
				: schema,
		]),
	);
}

function close(name: string, schema: Schema, schemas: Readonly<Record<string, Schema>>): Schema {
	if (schema.type !== 'object' && schema.allOf === undefined) return schema;
	return {
		type: 'object',
		properties: propertiesOf(name, schemas),
		patternProperties: { '@odata\\.': {} },
		additionalProperties: false,
	};
}

/** Its own, and those of all that it is derived from. */
function propertiesOf(
	name: string,
	schemas: Readonly<Record<string, Schema>>,
): Record<string, unknown> {
	const schema = schemas[name] ?? {};
	const read = derived.safeParse(schema);
	const parts = read.success ? read.data.allOf : [part.parse(schema)];
	return Object.assign(
		{},
		...parts.map((each) =>
			'$ref' in each && typeof each.$ref === 'string'
				? propertiesOf(each.$ref.split('/').at(-1) ?? '', schemas)
				: 'properties' in each
					? each.properties
					: {},
		),
	);
}
