import * as z from 'zod';
import { COMPANIES, COMPANY_LIST_CHARACTERS } from '../../mail/limits';
import { toExcerpt } from '../../mail/excerpt';
import { createRefusal, type Refuse } from '../../mail/routing/refusal';
import type { Company } from '../../mail/routing/route';
import { toListEntry } from '../../mail/routing/value-list';

const PLACE = 'Companies From JSON';
const EXAMPLE = '[{"name": "Contoso", "domains": ["contoso.com"]}]';

/** A `;` list, or its entries. */
const entries = z.union(
	[z.string(), z.array(z.string()).transform((list) => list.map(toListEntry).join(';'))],
	'must be a text or a list of texts',
);

const company = z.object(
	{
		name: z.string('must be a text').default(''),
		domains: entries.nullish().transform((list) => list ?? ''),
		addresses: entries.nullish().transform((list) => list ?? ''),
	},
	`must be such as ${EXAMPLE.slice(1, -1)}`,
);

/**
 * Reads companies from JSON text, or from the list that an expression gives. Nothing, as text too, is no company, unless
 * `parameter`, as the user wrote it, is an expression: then a variable is missing.
 * Throws MailError `settings.invalid`, which names the entry: `Companies From JSON, company 3: …`.
 */
export function toCompanies(value: unknown, parameter?: unknown): Company[] {
	const refuse = createRefusal(PLACE);
	const isEmpty = typeof value === 'string' ? value.trim() === '' : (value ?? null) === null;
	if (isEmpty && typeof parameter === 'string' && parameter.startsWith('=')) {
		return refuse(`the expression ${toExcerpt(parameter.slice(1).trim())} gives nothing`);
	}
	const list = typeof value === 'string' ? parse(value, refuse) : (value ?? []);
	if (!Array.isArray(list)) return refuse(`it must be a list such as ${EXAMPLE}`);
	if (list.length > COMPANIES) return refuse(`the list has more than ${COMPANIES} companies`);
	return list.map((entry: unknown, index): Company => {
		const place = `${PLACE}, company ${index + 1}`;
		const result = company.safeParse(entry);
		if (result.success) return { ...result.data, place };
		const [issue] = result.error.issues;
		const name = issue?.path[0];
		const field = name === undefined ? '' : `"${String(name)}" `;
		return createRefusal(place)(`${field}${issue?.message ?? 'is not valid'}`);
	});
}

function parse(text: string, refuse: Refuse): unknown {
	if (text.length > COMPANY_LIST_CHARACTERS) {
		return refuse(`the text is longer than ${COMPANY_LIST_CHARACTERS} characters`);
	}
	if (text.trim() === '') return [];
	try {
		return JSON.parse(text);
	} catch (error) {
		const reason = error instanceof SyntaxError ? ` (${error.message})` : '';
		return refuse(`it is not JSON${reason}. It must be a list such as ${EXAMPLE}`);
	}
}
