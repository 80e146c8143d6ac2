import Ajv from 'ajv';
import { closeSchemas } from './closed-schema';
import type { ApiDocument, Schema } from './document';

/** Formats of OData that say nothing about the text. */
const FREE_FORMATS = ['int32', 'int64', 'double', 'base64url', 'binary'];

/** Says in words what is wrong with a value; undefined: nothing. */
export type SchemaCheck = (schema: Schema, value: unknown) => string | undefined;

/** `coerces`: values come from a query, as text. */
export function createSchemaCheck(api: ApiDocument, coerces: boolean): SchemaCheck {
	const ajv = new Ajv({
		nullable: true,
		allErrors: true,
		coerceTypes: coerces,
		unknownFormats: FREE_FORMATS,
		validateSchema: false,
	});
	ajv.addSchema({ components: { schemas: closeSchemas(api.components.schemas) } }, 'api');
	const compiled = new Map<string, ReturnType<typeof ajv.compile>>();
	return (schema, value) => {
		const text = JSON.stringify(schema).replaceAll('"#/', '"api#/');
		const check = compiled.get(text) ?? ajv.compile(JSON.parse(text));
		compiled.set(text, check);
		if (check(value) === true) return undefined;
		return ajv.errorsText(check.errors?.slice(0, 5), { dataVar: '' });
	};
}
