import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Connector } from '../../mail/connector';
import { MailError } from '../../mail/errors';
import type { Address } from '../../mail/message';
import { toReplyRecipients, toReplySubject, toReplyThread } from '../../mail/outbox';
import type { OutgoingAttachment, OutgoingMessage } from '../../mail/outgoing';
import { binaryPropertiesOf, toOutgoingAttachment } from '../bridge/binary-attachment';
import { toOutgoingMessage } from '../bridge/outgoing-message';
import type { SendSettings } from './settings';

type Helpers = Pick<IExecuteFunctions['helpers'], 'getBinaryStream'>;

/** The message that an item asks for. Throws `message.invalid`. */
export function toMessage(
	settings: SendSettings,
	item: INodeExecutionData,
	{ identity }: Connector,
	helpers: Helpers,
): OutgoingMessage {
	const { answered } = settings;
	const attachments = toAttachments(settings, item, helpers);
	if (answered === undefined) return toOutgoingMessage({ ...settings, attachments }, identity);
	const own = [identity.primaryAddress, identity.fromAddress, settings.from.address ?? ''];
	return toOutgoingMessage(
		{
			...settings,
			attachments,
			to: settings.to.length > 0 ? settings.to : requireSomebody(toReplyRecipients(answered, own)),
			subject: settings.subject || toReplySubject(answered.subject),
			thread: toReplyThread(answered),
		},
		identity,
	);
}

function requireSomebody(recipients: Address[]): Address[] {
	if (recipients.length > 0) return recipients;
	throw new MailError('message.invalid', {
		subject: 'the e-mail to answer has no sender but this connector itself',
		remedy: 'Fill in To, or do not answer e-mails of your own: the answers would never end.',
	});
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
