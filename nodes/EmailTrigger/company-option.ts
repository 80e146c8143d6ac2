import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import * as z from 'zod';
import { foldText } from '../../mail/routing/text-fold';
import { toNodeError } from '../bridge/node-error';
import { toCompanies } from './company-list';

/** As far as it is filled in while the user is typing. */
const directory = z.object({
	company: z.array(z.object({ name: z.string().catch('') })).catch([]),
});

/**
 * The names of the directory, for the rule “Sender Company”; what else may be wrong with its entries is told when the
 * workflow is activated. Throws n8n's error where the JSON cannot be read: the editor shows it under the field.
 */
export function offerCompanies(context: ILoadOptionsFunctions): INodePropertyOptions[] {
	try {
		const own = directory.safeParse(context.getNodeParameter('companies', {}));
		const listed = toCompanies(context.getNodeParameter('companiesJson', ''));
		const names = new Map<string, string>();
		for (const { name } of [...(own.data?.company ?? []), ...listed]) {
			const trimmed = name.trim();
			const key = foldText(trimmed);
			if (key !== '' && !names.has(key)) names.set(key, trimmed);
		}
		return [...names.values()]
			.sort((one, other) => one.localeCompare(other))
			.map((name) => ({ name, value: name }));
	} catch (error) {
		throw toNodeError(error, context.getNode());
	}
}
