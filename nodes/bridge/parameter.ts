import * as z from 'zod';
import { MailError } from '../../mail/errors';

/**
 * Gives n8n's untyped parameters their types. `check(name, value)` returns the value with the defaults of `shape`, or
 * throws MailError `settings.invalid`, which names the parameter by its label in the editor.
 */
export function createParameterCheck<Shape extends z.ZodRawShape>(
	shape: Shape,
	labels: Readonly<Record<keyof Shape, string>>,
) {
	return function check<Name extends keyof Shape>(
		name: Name,
		value: unknown,
	): z.output<Shape[Name]> {
		const type: Shape[Name] = shape[name];
		const result = z.safeParse(type, value);
		if (result.success) return result.data;
		const [issue] = result.error.issues;
		const path = [labels[name], ...(issue?.path ?? [])].join(' → ');
		throw new MailError('settings.invalid', {
			subject: `${path}: ${issue?.message ?? 'not valid'}`,
		});
	};
}
