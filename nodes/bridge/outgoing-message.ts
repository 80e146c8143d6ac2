import type { Identity } from '../../mail/connector';
import type { Address, Importance } from '../../mail/message';
import { type OutgoingBody, toCompleteBody } from '../../mail/outbox';
import type { OutgoingAttachment, OutgoingMessage, ThreadReference } from '../../mail/outgoing';

/** A message as a workflow describes it: what is left open comes from the connector. */
export interface Draft {
	/** Without address: the connector's; without name: the connector's, if the address is as well. */
	readonly from: { readonly address?: string; readonly name?: string };
	readonly to: readonly Address[];
	readonly cc: readonly Address[];
	readonly bcc: readonly Address[];
	/** Empty: the connector's. */
	readonly replyTo: readonly Address[];
	readonly subject: string;
	readonly body: OutgoingBody;
	readonly attachments: readonly OutgoingAttachment[];
	readonly importance: Importance;
	readonly headers: OutgoingMessage['headers'];
	readonly appendSignature: boolean;
	readonly thread?: ThreadReference;
	/** Stands below the body and the signature. */
	readonly quote?: Required<OutgoingBody>;
}

export function toOutgoingMessage(draft: Draft, identity: Identity): OutgoingMessage {
	const signature = draft.appendSignature ? identity.signature : undefined;
	return {
		...toCompleteBody(draft.body, signature, draft.quote),
		from: toSender(draft.from, identity),
		to: draft.to,
		cc: draft.cc,
		bcc: draft.bcc,
		replyTo: draft.replyTo.length > 0 ? draft.replyTo : toDefaultReplyTo(identity),
		subject: draft.subject,
		attachments: draft.attachments,
		importance: draft.importance,
		headers: draft.headers,
		thread: draft.thread,
	};
}

function toSender({ address, name }: Draft['from'], identity: Identity): Address {
	const ownName = address === undefined ? identity.fromName : undefined;
	return { address: address ?? identity.fromAddress, name: name ?? ownName ?? '' };
}

function toDefaultReplyTo({ replyTo }: Identity): Address[] {
	return replyTo === undefined ? [] : [{ name: '', address: replyTo }];
}
