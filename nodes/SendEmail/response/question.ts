import * as z from 'zod';
import { createParameterCheck } from '../../bridge/parameter';
import { type FormField, readFields } from './field';
import { LABEL_CHARACTERS } from './limit';
import { waitLimit } from './wait-limit';

/** How somebody answers. */
export type Response =
	| { readonly kind: 'approval'; readonly approve: string; readonly decline?: string }
	| {
			readonly kind: 'form';
			readonly fields: readonly FormField[];
			/** Whether the one field is the whole answer. */
			readonly isText: boolean;
			/** What the link in the e-mail says, and the button below the form. */
			readonly respond: string;
			readonly submit: string;
	  };

/** What somebody is asked. All texts are plain text. */
export interface Question {
	readonly message: string;
	readonly response: Response;
	readonly title: string;
	/** Shown on the page above the button or form. */
	readonly text: string;
	/** Shown after the answer. */
	readonly thanks: string;
	readonly waitLimit?: z.output<typeof waitLimit>;
}

const text = z
	.union([z.string(), z.number(), z.boolean()])
	.nullish()
	.transform((value) => String(value ?? '').trim());

const label = (preset: string) =>
	text
		.refine((given) => given.length <= LABEL_CHARACTERS, {
			error: `must be at most ${LABEL_CHARACTERS} characters`,
		})
		.transform((given) => given || preset);

const shape = {
	subject: text,
	message: text,
	responseType: z.enum(['approval', 'freeText', 'customForm']).default('approval'),
	approvalType: z.enum(['single', 'double']).default('double'),
	formDefinition: z.enum(['fields', 'json']).default('fields'),
	formFields: z.object({ field: z.unknown().optional() }).default({}),
	responseOptions: z
		.object({
			approveLabel: label('Approve'),
			declineLabel: label('Decline'),
			limitWaitTime: z.object({ values: waitLimit.optional() }).default({}),
			pageText: text,
			pageTitle: text,
			respondLabel: label('Respond'),
			submitLabel: label('Submit'),
			thanksText: text,
		})
		.prefault({}),
};

const check = createParameterCheck(shape, {
	subject: 'Subject',
	message: 'Message',
	responseType: 'Response Type',
	approvalType: 'Type of Approval',
	formDefinition: 'Define Form',
	formFields: 'Form Fields',
	responseOptions: 'Response Options',
});

/** A parameter by its name, null where it is hidden: the mail is written and the page shown in different contexts of n8n. */
export type ReadParameter = (name: string) => unknown;

/** Throws `settings.invalid`, which names the parameter. */
export function readQuestion(readParameter: ReadParameter): Question {
	const read = <Name extends keyof typeof shape>(name: Name) =>
		check(name, readParameter(name) ?? undefined);
	const options = read('responseOptions');
	const message = read('message');
	const type = read('responseType');
	return {
		message,
		response:
			type === 'approval'
				? {
						kind: 'approval',
						approve: options.approveLabel,
						decline: read('approvalType') === 'double' ? options.declineLabel : undefined,
					}
				: {
						kind: 'form',
						fields: type === 'freeText' ? [freeTextField] : readFields(readForm()),
						isText: type === 'freeText',
						respond: options.respondLabel,
						submit: options.submitLabel,
					},
		title: options.pageTitle || read('subject'),
		text: options.pageText || message,
		thanks: options.thanksText || 'Your answer has been recorded. You can close this page.',
		waitLimit: options.limitWaitTime.values,
	};

	function readForm(): unknown {
		return read('formDefinition') === 'json'
			? readParameter('formJson')
			: (read('formFields').field ?? []);
	}
}

const freeTextField: FormField = {
	name: 'text',
	label: 'Your answer',
	type: 'textarea',
	required: true,
	choices: [],
};
