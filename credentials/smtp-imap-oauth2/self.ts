import type { INodeProperties } from 'n8n-workflow';

/** Expressions of a credential over its own fields: n8n evaluates them whenever it reads the credential. */

/** JavaScript for one of the texts, by the value of a field; the last one also where the field has no value. */
export function choose(field: string, texts: Readonly<Record<string, string>>): string {
	const entries = Object.entries(texts);
	const [, otherwise = "''"] = entries.at(-1) ?? [];
	return entries
		.slice(0, -1)
		.reduceRight(
			(rest, [value, text]) => `($self["${field}"] === "${value}" ? ${text} : ${rest})`,
			otherwise,
		);
}

/** JavaScript for a text as it stands here. */
export function text(value: string): string {
	return JSON.stringify(value);
}

/** JavaScript for what stands in a field. */
export function fieldValue(field: string): string {
	return `($self["${field}"] || "")`;
}

/** The default of a hidden field. */
export function expression(javaScript: string): string {
	return `={{ ${javaScript} }}`;
}

/** A field of n8n's OAuth2 API that others decide. */
export function hidden(displayName: string, name: string, value: string): INodeProperties {
	return { displayName, name, type: 'hidden', default: value };
}
