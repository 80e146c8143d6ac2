import { z } from 'zod';

export interface GraphPage<T> {
	/** May be empty although another page follows. */
	readonly items: readonly T[];
	readonly nextLink?: string;
	/** On the last page of a delta: where the next one begins. */
	readonly deltaLink?: string;
}

export function toPageSchema<T>(item: z.ZodType<T>): z.ZodType<GraphPage<T>> {
	return z
		.object({
			value: z.array(item),
			'@odata.nextLink': z.string().optional(),
			'@odata.deltaLink': z.string().optional(),
		})
		.transform((page) => ({
			items: page.value,
			nextLink: page['@odata.nextLink'],
			deltaLink: page['@odata.deltaLink'],
		}));
}
