import * as z from 'zod';

/** Text of a parameter; expressions also give numbers, and nothing at all. */
export const text = z
	.union([z.string(), z.number(), z.boolean()])
	.nullish()
	.transform((value) => (value === null || value === undefined ? '' : String(value)));
