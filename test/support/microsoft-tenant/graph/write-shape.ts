import * as z from 'zod';
import { badRequest, GraphError } from './graph-error';

/** What clients may send. Enumerations are accepted in any case, as OData does; unknown properties are refused. */
const anyCase = <T extends string>(...values: readonly T[]) =>
	z.string().transform((said, context) => {
		const found = values.find((value) => value.toLowerCase() === said.toLowerCase());
		if (found !== undefined) return found;
		context.addIssue({ code: 'custom', message: `'${said}' is none of its values` });
		return z.NEVER;
	});

const odataType = z.string().optional();

const recipient = z.strictObject({
	'@odata.type': odataType,
	emailAddress: z
		.strictObject({
			'@odata.type': odataType,
			name: z.string().nullish(),
			address: z.string(),
		})
		.transform(({ name, address }) => ({ name: name ?? address, address })),
});

const body = z
	.strictObject({
		'@odata.type': odataType,
		contentType: anyCase('text', 'html').default('text'),
		content: z.string().nullable(),
	})
	.transform(({ contentType, content }) => ({ contentType, content: content ?? '' }));

const flag = z
	.object({ flagStatus: anyCase('notFlagged', 'complete', 'flagged').default('notFlagged') })
	.transform(({ flagStatus }) => ({ flagStatus }));

const attachmentBase = { name: z.string().min(1), isInline: z.boolean().default(false) };

export const attachmentShape = z.union([
	z.strictObject({
		'@odata.type': z.string().regex(/^#?microsoft\.graph\.fileAttachment$/),
		...attachmentBase,
		contentType: z.string().nullish(),
		contentBytes: z.string(),
		contentId: z.string().nullish(),
		contentLocation: z.string().nullish(),
		size: z.number().optional(),
	}),
	z.strictObject({
		'@odata.type': z.string().regex(/^#?microsoft\.graph\.itemAttachment$/),
		...attachmentBase,
		contentType: z.string().nullish(),
		size: z.number().optional(),
		item: z.looseObject({ '@odata.type': z.string(), subject: z.string().optional() }),
	}),
]);

const updatable = {
	'@odata.type': odataType,
	'@odata.etag': odataType,
	subject: z.string().nullish(),
	body: body.optional(),
	from: recipient.optional(),
	sender: recipient.optional(),
	toRecipients: z.array(recipient).optional(),
	ccRecipients: z.array(recipient).optional(),
	bccRecipients: z.array(recipient).optional(),
	replyTo: z.array(recipient).optional(),
	importance: anyCase('low', 'normal', 'high').optional(),
	categories: z.array(z.string()).optional(),
	flag: flag.optional(),
	inferenceClassification: anyCase('focused', 'other').optional(),
	isRead: z.boolean().nullish(),
	isReadReceiptRequested: z.boolean().nullish(),
	isDeliveryReceiptRequested: z.boolean().nullish(),
	internetMessageId: z.string().nullish(),
	singleValueExtendedProperties: z
		.array(z.strictObject({ '@odata.type': odataType, id: z.string(), value: z.string() }))
		.optional(),
};

export const updateShape = z.strictObject(updatable);

export const messageShape = z.strictObject({
	...updatable,
	internetMessageHeaders: z
		.array(z.strictObject({ '@odata.type': odataType, name: z.string(), value: z.string() }))
		.optional(),
	attachments: z.array(attachmentShape).optional(),
});

/** Parameters of actions are accepted as `message` and as `Message`. */
const action = <S extends z.ZodRawShape>(shape: S) =>
	z.preprocess(lowerFirst, z.strictObject(shape));

export const sendMailShape = action({
	message: messageShape,
	saveToSentItems: z.boolean().default(true),
});
export const replyShape = action({
	message: messageShape.optional(),
	comment: z.string().nullish(),
});
export const forwardShape = action({
	message: messageShape.optional(),
	comment: z.string().nullish(),
	toRecipients: z.array(recipient).optional(),
});
export const destinationShape = action({ destinationId: z.string().min(1) });
export const uploadSessionShape = action({
	attachmentItem: z.strictObject({
		'@odata.type': odataType,
		attachmentType: anyCase('file'),
		name: z.string().min(1),
		size: z.number().int().min(1),
		contentType: z.string().nullish(),
		isInline: z.boolean().nullish(),
		contentId: z.string().nullish(),
	}),
});
export const folderShape = z.strictObject({
	'@odata.type': odataType,
	displayName: z.string().min(1),
	isHidden: z.boolean().default(false),
});

export type MessageWrite = z.infer<typeof messageShape>;
export type AttachmentWrite = z.infer<typeof attachmentShape>;

/** Reads a body, or says which property Graph does not like. */
export function readShape<T>(shape: z.ZodType<T>, body: unknown): T {
	const read = shape.safeParse(body);
	if (read.success) return read.data;
	const [issue] = read.error.issues;
	if (issue?.code === 'unrecognized_keys') {
		throw new GraphError(
			400,
			'RequestBodyRead',
			`The property '${issue.keys[0] ?? ''}' does not exist on this type. Make sure to only use property names that are defined by the type.`,
		);
	}
	throw badRequest(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'The body is not valid.'}`);
}

function lowerFirst(said: unknown): unknown {
	if (typeof said !== 'object' || said === null) return said;
	return Object.fromEntries(
		Object.entries(said).map(([name, value]) => [
			`${name.slice(0, 1).toLowerCase()}${name.slice(1)}`,
			value,
		]),
	);
}
