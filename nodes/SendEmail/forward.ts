import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { MailError } from '../../mail/errors';
import { toExcerpt } from '../../mail/excerpt';
import { toForwardQuote, toForwardSubject, toForwardThread } from '../../mail/outbox';
import type { OutgoingAttachment } from '../../mail/outgoing';
import { binaryPropertiesOf, toOutgoingAttachment } from '../bridge/binary-attachment';
import type { OriginalParts } from './original-part';
import type { ForwardSettings } from './original-settings';
import type { SendSettings } from './settings';

type Helpers = Pick<IExecuteFunctions['helpers'], 'getBinaryStream'>;

/** Where Email Trigger puts the message as the server stores it. */
const RAW = 'raw';

/** Throws `message.invalid` where the item does not hold what is to be handed on. */
export function toForwardParts(
	forward: ForwardSettings,
	settings: SendSettings,
	item: INodeExecutionData,
	helpers: Helpers,
): OriginalParts {
	const { email, as } = forward;
	return {
		to: settings.to,
		cc: settings.cc,
		subject: settings.subject || toForwardSubject(email.subject),
		thread: toForwardThread(email),
		quote: as === 'quote' ? toForwardQuote(email, settings.timeZone) : undefined,
		files:
			as === 'file'
				? [toWholeMail(forward, item, helpers)]
				: toFiles(forward, settings, item, helpers),
	};
}

function toWholeMail(
	{ email }: ForwardSettings,
	item: INodeExecutionData,
	helpers: Helpers,
): OutgoingAttachment {
	if (item.binary?.[RAW] === undefined) {
		throw new MailError('message.invalid', {
			subject: `the item does not hold the whole e-mail: it has no binary property "${RAW}"`,
			remedy:
				'Switch on Include Raw Message in Email Trigger, or forward the e-mail as quoted text.',
		});
	}
	// A slash would look like a folder.
	const name = email.subject.replace(/[/\\]/g, '-').trim();
	return {
		...toOutgoingAttachment(helpers, item, RAW),
		fileName: `${name === '' ? 'message' : name}.eml`,
		isMail: true,
	};
}

/** All files of the item but the ones that the node attaches anyway. */
function toFiles(
	{ email, includeAttachments }: ForwardSettings,
	{ attachments, inlineImages }: SendSettings,
	item: INodeExecutionData,
	helpers: Helpers,
): OutgoingAttachment[] {
	if (!includeAttachments) return [];
	const held = binaryPropertiesOf(item);
	const missing = email.files.filter(
		({ inline, binaryProperty, fileName }) =>
			!inline &&
			!held.some(
				(property) =>
					property === binaryProperty ||
					(fileName !== '' && item.binary?.[property]?.fileName === fileName),
			),
	);
	if (missing.length > 0) {
		const names = missing.slice(0, 5).map(({ fileName }) => toExcerpt(fileName));
		throw new MailError('message.invalid', {
			subject: `the item does not hold all files of the e-mail: ${names.join(', ')}`,
			remedy:
				'Fetch them with Mailbox: Get Attachments before, forward the e-mail as an attached e-mail, or switch off Include Attachments.',
		});
	}
	const others = new Set([
		RAW,
		...(attachments === 'all' ? held : attachments),
		...inlineImages.map(({ property }) => property),
	]);
	return held
		.filter((property) => !others.has(property))
		.map((property) => toOutgoingAttachment(helpers, item, property));
}
