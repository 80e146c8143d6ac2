import * as z from 'zod';
import { parseAddress, parseAddressList } from '../../mail/address';
import type { SentCopyPolicy } from '../../mail/connector';
import type { Address, Importance } from '../../mail/message';
import type { OutgoingBody, WhenUncertain } from '../../mail/outbox';
import type { OutgoingMessage } from '../../mail/outgoing';
import { createParameterCheck } from '../bridge/parameter';
import type { ParameterSource } from '../bridge/parameter-source';
import { type CalendarSettings, toCalendarSettings } from './calendar-settings';
import { operations } from './operation/operation';
import { optionsShape, toDeliveryReport, toUnsubscribe } from './option-settings';
import { type OriginalSettings, readOriginal } from './original-settings';
import { text } from './text';

/** The node's parameters for one item, checked and with every default filled in. */
export interface SendSettings {
	/** Set: the message answers this one, or hands it on. */
	readonly original?: OriginalSettings;
	/** A draft may be unfinished. */
	readonly isDraft: boolean;
	/** IANA name: of the workflow. */
	readonly timeZone: string;
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
	readonly calendar?: CalendarSettings;
	/** Whether the sender wants to be told when the mail is opened. */
	readonly readReceipt: boolean;
	readonly unsubscribe?: OutgoingMessage['unsubscribe'];
	readonly deliveryReport?: OutgoingMessage['deliveryReport'];
	readonly appendSignature: boolean;
	/** Absent: as the connector says. */
	readonly sentCopy?: SentCopyPolicy;
	readonly partialRejectionIsError: boolean;
	readonly whenUncertain: WhenUncertain;
}

const shape = {
	operation: z.enum(operations),
	draftOf: z.enum(['send', 'reply', 'replyAll', 'forward']),
	fromName: text,
	subject: text,
	messageFormat: z.enum(['text', 'html', 'both']),
	text,
	html: text,
	options: optionsShape,
};

const check = createParameterCheck(shape, {
	operation: 'Operation',
	draftOf: 'Draft Of',
	fromName: 'From Name',
	subject: 'Subject',
	messageFormat: 'Message Format',
	text: 'Text',
	html: 'HTML',
	options: 'Options',
});

/** Throws `settings.invalid` and `message.invalid`, which name the parameter as the editor calls it. */
export function readSettings(context: ParameterSource, itemIndex: number): SendSettings {
	// n8n throws where a parameter is hidden and nothing stands in for it.
	const raw = (name: string): unknown => context.getNodeParameter(name, itemIndex, null);
	const read = <Name extends keyof typeof shape>(name: Name, fallback?: unknown) =>
		check(name, raw(name) ?? fallback);

	const options = read('options', {});
	const isDraft = read('operation') === 'saveDraft';
	const use = isDraft ? read('draftOf', 'send') : read('operation');
	const timeZone = context.getTimezone();
	return {
		original:
			use === 'reply' || use === 'replyAll' || use === 'forward'
				? readOriginal(use, raw, options)
				: undefined,
		isDraft,
		timeZone,
		from: { address: readSenderAddress(raw('fromAddress')), name: read('fromName') || undefined },
		to: parseAddressList(raw('to'), 'To'),
		cc: parseAddressList(raw('cc'), 'Cc'),
		bcc: parseAddressList(raw('bcc'), 'Bcc'),
		replyTo: parseAddressList(raw('replyTo'), 'Reply-To'),
		subject: read('subject'),
		body: toBody(read('messageFormat', 'text'), { text: read('text'), html: read('html') }),
		attachments: options.attachments.includes('*') ? 'all' : options.attachments,
		inlineImages: options.inlineImages.image,
		importance: options.importance,
		headers: options.customHeaders.header.filter(({ name, value }) => name !== '' || value !== ''),
		calendar: toCalendarSettings(options.calendarInvitation, timeZone),
		readReceipt: options.readReceipt,
		unsubscribe: toUnsubscribe(options),
		deliveryReport: toDeliveryReport(options),
		appendSignature: options.appendSignature,
		sentCopy: options.saveToSent === 'connector' ? undefined : options.saveToSent,
		partialRejectionIsError: options.partialRejectionIsError,
		whenUncertain: options.whenUncertain,
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
