import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';

/** JSON Schema as OpenAPI 3.0 has it. */
export type Schema = Readonly<Record<string, unknown>>;

const schema = z.record(z.string(), z.unknown());
const content = z.record(z.string(), z.object({ schema: schema.default({}) }));

const parameter = z.object({
	name: z.string(),
	in: z.enum(['path', 'query', 'header']),
	required: z.boolean().default(false),
	schema,
});
const reference = z.object({ $ref: z.string() });
const response = z.object({ content: content.optional() });

const operation = z.object({
	operationId: z.string(),
	parameters: z.array(z.union([reference, parameter])).default([]),
	requestBody: z.object({ required: z.boolean().default(false), content }).optional(),
	responses: z.record(z.string(), z.union([reference, response])),
});

const document = z.object({
	paths: z.record(z.string(), z.record(z.string(), operation)),
	components: z.object({
		parameters: z.record(z.string(), parameter),
		responses: z.record(z.string(), response),
		schemas: z.record(z.string(), schema),
	}),
});

export type ApiDocument = z.infer<typeof document>;
export type ApiOperation = z.infer<typeof operation>;
export type ApiParameter = z.infer<typeof parameter>;
export type ApiResponse = z.infer<typeof response>;

const root = path.join(__dirname, '../../../..');

/** Microsoft's description of its mail API lies beside the project, and on few machines only. */
export const descriptionFile =
	process.env.GRAPH_DESCRIPTION ?? path.join(root, '../shared/facts/graph-mail-openapi.yaml');

/** Undefined where the file is not there. Throws where it is not what it should be. */
export function readDocument(): ApiDocument | undefined {
	if (!existsSync(descriptionFile)) return undefined;
	return document.parse(parse(readFileSync(descriptionFile, 'utf8')));
}

/** Follows `#/components/parameters/top`. */
export function toParameter(
	api: ApiDocument,
	said: ApiOperation['parameters'][number],
): ApiParameter {
	return '$ref' in said ? need(api.components.parameters, said.$ref) : said;
}

export function toResponse(api: ApiDocument, said: ApiOperation['responses'][string]): ApiResponse {
	return '$ref' in said ? need(api.components.responses, said.$ref) : said;
}

function need<T>(all: Readonly<Record<string, T>>, ref: string): T {
	const found = all[ref.split('/').at(-1) ?? ''];
	if (found === undefined) throw new Error(`The description has no ${ref}.`);
	return found;
}
