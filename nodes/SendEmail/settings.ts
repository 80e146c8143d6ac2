import type { IExecuteFunctions } from 'n8n-workflow';
import * as z from 'zod';
import { parseAddress, parseAddressList } from '../../mail/address';
import type { SentCopyPolicy } from '../../mail/connector';
import type { Address, Importance } from '../../mail/message';
import type { AnsweredMessage, OutgoingBody } from '../../mail/outbox';
import type { OutgoingMessage } from '../../mail/outgoing';
import { createParameterCheck } from '../bridge/parameter';
import { readAnsweredEmail } from './answered-email';
import { operations } from './operation/operation';

/** The node's parameters for one item, checked and with every default filled in. */
export interface SendSettings {
	/** Set: the message answers this one. */
	readonly answered?: AnsweredMessage;
	readonly from: { readonly address?: string; readonly name?: string };
	readonly to: readonly Address[];
	readonly cc: readonly Address[];
	readonly bcc: readonly Address[];
	readonly replyTo: readonly Address[];
	readonly subject: string;
	readonly body: OutgoingBody;
	/** Names of binary properties; `all`: those of the item that are no inline images. */
	readonly attachments: readonly string[] | 'all';
	readonly inlineImages: ReadonlyArray<{ readonly property: string; readonly contentId: string }>;
	readonly importance: Importance;
	readonly headers: OutgoingMessage['headers'];
	readonly appendSignature: boolean;
	/** Absent: as the connector says. */
	readonly sentCopy?: SentCopyPolicy;
	readonly partialRejectionIsError: boolean;
}

/** Expressions also give numbers, and nothing at all. */
const text = z
	.union([z.string(), z.number(), z.boolean()])
	.nullish()
	.transform((value) => (value === null || value === undefined ? '' : String(value)));

const names = z
	.union([z.array(z.string()), text])
	.transform((given) => (Array.isArray(given) ? given : given.split(',')))
	.transform((list) => list.map((name) => name.trim()).filter(Boolean));

const header = z.object({ name: text.transform((name) => name.trim()), value: text });
const image = z.object({
	property: text.transform((name) => name.trim()),
	contentId: text.transform((id) => id.trim().replace(/^(cid:|<)|>$/g, '')),
});

const shape = {
	operation: z.enum(operations),
	fromName: text,
	subject: text,
	messageFormat: z.enum(['text', 'html', 'both']),
	text,
	html: text,
	options: z.object({
		attachments: names.default([]),
		inlineImages: z.object({ image: z.array(image).default([]) }).default({ image: [] }),
		importance: z.enum(['high', 'normal', 'low']).default('normal'),
		customHeaders: z.object({ header: z.array(header).default([]) }).default({ header: [] }),
		appendSignature: z.boolean().default(true),
		saveToSent: z.enum(['connector', 'always', 'never']).default('connector'),
		partialRejectionIsError: z.boolean().default(false),
	}),
};

const check = createParameterCheck(shape, {
	operation: 'Operation',
	fromName: 'From Name',
	subject: 'Subject',
	messageFormat: 'Message Format',
	text: 'Text',
	html: 'HTML',
	options: 'Options',
});

type ParameterSource = Pick<IExecuteFunctions, 'getNodeParameter'>;

/** Throws `settings.invalid` and `message.invalid`, which name the parameter as the editor calls it. */
export function readSettings(context: ParameterSource, itemIndex: number): SendSettings {
	// n8n throws where a parameter is hidden and nothing stands in for it.
	const raw = (name: string): unknown => context.getNodeParameter(name, itemIndex, null);
	const read = <Name extends keyof typeof shape>(name: Name, fallback?: unknown) =>
		check(name, raw(name) ?? fallback);

	const options = read('options', {});
	return {
		answered: read('operation') === 'reply' ? readAnsweredEmail(raw('answeredEmail')) : undefined,
		from: { address: readSenderAddress(raw('fromAddress')), name: read('fromName') || undefined },
		to: parseAddressList(raw('to'), 'To'),
		cc: parseAddressList(raw('cc'), 'Cc'),
		bcc: parseAddressList(raw('bcc'), 'Bcc'),
		replyTo: parseAddressList(raw('replyTo'), 'Reply-To'),
		subject: read('subject'),
		body: toBody(read('messageFormat'), { text: read('text'), html: read('html') }),
		attachments: options.attachments.includes('*') ? 'all' : options.attachments,
		inlineImages: options.inlineImages.image,
		importance: options.importance,
		headers: options.customHeaders.header.filter(({ name, value }) => name !== '' || value !== ''),
		appendSignature: options.appendSignature,
		sentCopy: options.saveToSent === 'connector' ? undefined : options.saveToSent,
		partialRejectionIsError: options.partialRejectionIsError,
	};
}

function readSenderAddress(value: unknown): string | undefined {
	const blank = value === undefined || value === null || value === '';
	return blank ? undefined : parseAddress(value, 'From Address').address;
}

function toBody(format: 'text' | 'html' | 'both', given: Required<OutgoingBody>): OutgoingBody {
	return {
		...(format !== 'html' && { text: given.text }),
		...(format !== 'text' && { html: given.html }),
	};
}
