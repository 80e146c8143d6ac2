import { cleanHeaderValue, readHeaderFields } from './header-block';
import { parseStructuredValue, type StructuredValue } from './parameter';

/** What the header of a part tells of it (RFC 2045), as BODYSTRUCTURE would. */
export interface PartHeader {
	readonly type: string;
	readonly parameters: Readonly<Record<string, string>>;
	readonly encoding: string;
	readonly id?: string;
	readonly disposition?: string;
	readonly dispositionParameters?: Readonly<Record<string, string>>;
	/** Of a multipart that says what separates its parts. */
	readonly boundary?: string;
}

/** RFC 2046, section 5.1.1 allows 70 characters; more is seen, but not much more. */
const BOUNDARY_CHARACTERS = 250;

/** @param parent type of the multipart around the part */
export function readPartHeader(block: Uint8Array, parent: string): PartHeader {
	const fields = new Map<string, string>();
	for (const { name, value } of readHeaderFields(block)) {
		if (name.startsWith('content-') && !fields.has(name)) fields.set(name, value);
	}
	const { value: type, parameters } = toContentType(fields.get('content-type'), parent);
	const disposition = parseStructuredValue(fields.get('content-disposition') ?? '');
	const encoding = parseStructuredValue(fields.get('content-transfer-encoding') ?? '').value;
	const { boundary = '' } = parameters;
	return {
		type,
		parameters,
		encoding: encoding === '' ? '7bit' : encoding,
		id: fields.has('content-id') ? cleanHeaderValue(fields.get('content-id') ?? '') : undefined,
		...(disposition.value === ''
			? {}
			: { disposition: disposition.value, dispositionParameters: disposition.parameters }),
		boundary:
			type.startsWith('multipart/') && boundary !== '' && boundary.length <= BOUNDARY_CHARACTERS
				? boundary
				: undefined,
	};
}

/** RFC 2045, section 5.2, and RFC 2046, section 5.1.5: what a part is that does not say it. */
function toContentType(field: string | undefined, parent: string): StructuredValue {
	const preset = parent === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
	if (field === undefined) return { value: preset, parameters: {} };
	const parsed = parseStructuredValue(field);
	const value = parsed.value.replace(/\s+/g, '');
	return { value: value.includes('/') ? value : preset, parameters: parsed.parameters };
}
