import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Connector, Identity } from '../../mail/connector';
import type { OutgoingAttachment, OutgoingMessage } from '../../mail/outgoing';
import { binaryPropertiesOf, toOutgoingAttachment } from '../bridge/binary-attachment';
import { toOutgoingMessage } from '../bridge/outgoing-message';
import { toAnswerParts } from './answer';
import { toCalendar } from './calendar-settings';
import { toForwardParts } from './forward';
import type { OriginalParts } from './original-part';
import type { SendSettings } from './settings';

type Helpers = Pick<IExecuteFunctions['helpers'], 'getBinaryStream'>;

/** The message that an item asks for. Throws `message.invalid` and `limit.exceeded`. */
export function toMessage(
	settings: SendSettings,
	item: INodeExecutionData,
	{ identity }: Connector,
	helpers: Helpers,
): OutgoingMessage {
	const original = toOriginalParts(settings, item, identity, helpers);
	const attachments = [...toAttachments(settings, item, helpers), ...(original?.files ?? [])];
	const message = toOutgoingMessage({ ...settings, ...original, attachments }, identity);
	return {
		...message,
		calendar: toCalendar(settings.calendar, message),
		readReceiptTo: settings.readReceipt ? message.from : undefined,
		unsubscribe: settings.unsubscribe,
		deliveryReport: settings.deliveryReport,
	};
}

function toOriginalParts(
	settings: SendSettings,
	item: INodeExecutionData,
	identity: Identity,
	helpers: Helpers,
): OriginalParts | undefined {
	const { original } = settings;
	if (original === undefined) return undefined;
	return original.use === 'forward'
		? toForwardParts(original, settings, item, helpers)
		: toAnswerParts(original, settings, identity);
}

function toAttachments(
	{ attachments, inlineImages }: SendSettings,
	item: INodeExecutionData,
	helpers: Helpers,
): OutgoingAttachment[] {
	const inline = new Set(inlineImages.map(({ property }) => property));
	const files =
		attachments === 'all'
			? binaryPropertiesOf(item).filter((property) => !inline.has(property))
			: attachments;
	return [
		...inlineImages.map(({ property, contentId }) =>
			toOutgoingAttachment(helpers, item, property, contentId),
		),
		...files.map((property) => toOutgoingAttachment(helpers, item, property)),
	];
}
