import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { MailError } from '../../mail/errors';
import type { SendOutcome } from '../../mail/outgoing';
import type { ConnectorUse } from './sending';

export function toResultItem(
	outcome: SendOutcome,
	connector: ConnectorUse,
	itemIndex: number,
): INodeExecutionData {
	const json: IDataObject = {
		messageId: outcome.messageId,
		...(outcome.serverId && { serverId: outcome.serverId }),
		accepted: [...outcome.accepted],
		rejected: outcome.rejected.map((recipient) => ({ ...recipient })),
		response: outcome.response,
		connector: toConnectorFields(connector, outcome),
		savedToSent: { ...outcome.sentCopy },
		sizeBytes: outcome.sizeBytes,
		...(outcome.deliveryReport && { deliveryReport: outcome.deliveryReport }),
		...(outcome.alreadySent && { alreadySent: true }),
	};
	return { json, pairedItem: { item: itemIndex } };
}

/** Which connector, and what an administrator's rules made of the mail. */
export function toConnectorFields(
	use: ConnectorUse,
	{ redirectedFrom }: Pick<SendOutcome, 'redirectedFrom'> = {},
): IDataObject {
	if (redirectedFrom === undefined) return { ...use };
	const { to, cc, bcc } = redirectedFrom;
	return { ...use, redirectedFrom: { to: [...to], cc: [...cc], bcc: [...bcc] } };
}

/** The failure that a user has asked for where some recipients were refused and others got the mail. */
export function toPartialRejection({ accepted, rejected }: SendOutcome): MailError {
	return new MailError('recipient.rejected', {
		subject: rejected.map(({ address }) => address).join(', '),
		serverReply: rejected.map(({ reply }) => reply).join('; '),
		remedy: `The e-mail was sent to ${accepted.join(', ')}. Check the other addresses, and send it again to those only.`,
	});
}
