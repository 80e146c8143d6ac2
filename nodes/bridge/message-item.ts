import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import { MailError } from '../../mail/errors';
import type { IncomingMessage, StoredAttachment } from '../../mail/inbox/delivery';
import { toFactFields } from './fact-field';
import { toMailKinds } from '../../mail/classify/kind';
import type { Address, AttachmentContent, AttachmentInfo, MessageHead } from '../../mail/message';
import type { RouteExplanation, RouteMatch } from '../../mail/routing/route';

/** Where the mail came from and by which output it leaves. */
export interface ItemOrigin {
	readonly account: string;
	readonly folder: string;
	/** A manual run. */
	readonly isTest?: boolean;
	/** About the workflow, beside those about the mail. */
	readonly warnings?: readonly string[];
	/** What becomes of the acknowledgement; undefined where none is sent. */
	acknowledgementOf?(message: IncomingMessage): IDataObject | undefined;
	/** Absent for the fallback. */
	readonly match?: RouteMatch;
}

export const FALLBACK_NAME = 'Fallback';
export const ERROR_NAME = 'Error';

/** Prefix of the binary properties that hold attachments: `attachment_0`, `attachment_1`, … */
const ATTACHMENT = 'attachment_';

/** The item of one mail on one output. Field names are those of the mail world; dates are ISO 8601 in UTC. */
export function toItem(message: IncomingMessage, origin: ItemOrigin): INodeExecutionData {
	const { body, head } = message;
	const contents = body?.attachments ?? [];
	const binary: Record<string, IBinaryData> = {};
	contents.forEach((attachment, index) => {
		binary[`${ATTACHMENT}${index}`] = toBinary(attachment);
	});
	const stored = (message.stored ?? []).filter(isStored);
	stored.forEach(({ place }, index) => {
		binary[`${ATTACHMENT}${contents.length + index}`] = place;
	});
	const parts = [
		...contents.map(({ part, content }) => ({ part, sizeBytes: content.length })),
		...stored.map(({ attachment, place }) => ({
			part: attachment.part,
			sizeBytes: place.bytes ?? null,
		})),
	];
	if (message.source !== undefined) binary.raw = toRawBinary(message.source.content);
	const json: IDataObject = {
		...toHeadFields(head),
		...(message.textIsLeftOut === true ? {} : { text: body?.text ?? '', html: body?.html ?? '' }),
		attachments: (head?.attachments ?? []).map((info) => toAttachmentField(info, parts)),
		route: origin.match?.name ?? (message.problem === undefined ? FALLBACK_NAME : ERROR_NAME),
		routeReasons: [...(origin.match?.because ?? [])],
		captured: { ...origin.match?.captured },
		kinds: head === undefined ? [] : [...toMailKinds(head)],
		...toFactFields(message.facts),
		company: message.decision.company ?? null,
		authentication: message.decision.authentication ? { ...message.decision.authentication } : null,
		acknowledgement: origin.acknowledgementOf?.(message) ?? null,
		testMode: origin.isTest ?? false,
		account: origin.account,
		folder: origin.folder,
		uid: message.uid,
		reference: { ...message.reference },
		deliveryId: message.deliveryId,
		attempt: message.attempt,
		warnings: [...(origin.warnings ?? []), ...(body?.warnings ?? [])],
		headers: toHeaderFields(head),
	};
	if (message.explanation !== undefined) {
		json.routeTest = message.explanation.map(toExplanationField);
	}
	if (message.problem !== undefined) {
		json.error = { message: message.problem.message, remedy: message.problem.remedy };
	}
	return Object.keys(binary).length === 0 ? { json } : { json, binary };
}

function toExplanationField({ name, enabled, fits, rules }: RouteExplanation): IDataObject {
	return {
		route: name,
		fits,
		enabled,
		rules: rules.map(({ rule, holds, because }) => ({ rule, holds, because: because ?? null })),
	};
}

/** What n8n's own store has answered is n8n's shape. */
function isStored(
	stored: StoredAttachment,
): stored is StoredAttachment & { readonly place: IBinaryData } {
	const { place } = stored;
	return typeof place === 'object' && place !== null && 'mimeType' in place && 'data' in place;
}

function toHeadFields(head: MessageHead | undefined): IDataObject {
	return {
		subject: head?.subject ?? '',
		from: toAddressField(head?.from[0]),
		to: toAddressFields(head?.to),
		cc: toAddressFields(head?.cc),
		bcc: toAddressFields(head?.bcc),
		replyTo: toAddressFields(head?.replyTo),
		date: head?.sentAt?.toISOString() ?? null,
		receivedAt: head?.receivedAt.toISOString() ?? null,
		messageId: head?.messageId ?? '',
		inReplyTo: head?.inReplyTo ?? '',
		references: [...(head?.references ?? [])],
		importance: head?.importance ?? 'normal',
		flags: [...(head?.flags ?? [])],
		...(head?.inbox === undefined ? {} : { inbox: head.inbox }),
		sizeBytes: head?.sizeBytes ?? null,
	};
}

function toAddressField(address: Address | undefined): IDataObject | null {
	return address === undefined ? null : { name: address.name, address: address.address };
}

function toAddressFields(addresses: readonly Address[] = []): IDataObject[] {
	return addresses.map(({ name, address }) => ({ name, address }));
}

function toAttachmentField(
	info: AttachmentInfo,
	parts: ReadonlyArray<{ readonly part: string; readonly sizeBytes: number | null }>,
): IDataObject {
	const index = parts.findIndex(({ part }) => part === info.part);
	return {
		fileName: info.fileName,
		mimeType: info.mimeType,
		sizeBytes: parts[index]?.sizeBytes ?? null,
		encodedSizeBytes: info.encodedSizeBytes,
		contentId: info.contentId,
		inline: info.inline,
		part: info.part,
		binaryProperty: index < 0 ? null : `${ATTACHMENT}${index}`,
	};
}

/** A header that occurs once is a string, a repeated one an array: `received` is nearly always one. */
function toHeaderFields(head: MessageHead | undefined): IDataObject {
	const fields: IDataObject = {};
	for (const [name, values] of head?.headers ?? []) {
		const [first = ''] = values;
		// defineProperty: a header may be called `__proto__`.
		Object.defineProperty(fields, name, {
			value: values.length === 1 ? first : [...values],
			enumerable: true,
			configurable: true,
			writable: true,
		});
	}
	return fields;
}

/**
 * Content inside the item, not in n8n's binary store: n8n never deletes what a trigger has stored, while content in an
 * item goes with its execution.
 */
function toBinary({ content, fileName, mimeType }: AttachmentContent): IBinaryData {
	const extension = /\.([^.]{1,16})$/.exec(fileName)?.[1]?.toLowerCase();
	return {
		data: content.toString('base64'),
		mimeType,
		fileName: fileName || undefined,
		fileExtension: extension,
		fileSize: `${content.length} B`,
		bytes: content.length,
	};
}

function toRawBinary(content: Buffer): IBinaryData {
	return {
		data: content.toString('base64'),
		mimeType: 'message/rfc822',
		fileName: 'message.eml',
		fileExtension: 'eml',
		fileSize: `${content.length} B`,
		bytes: content.length,
	};
}

/** One list of items per output: the routes in their order, the fallback, the error output. */
export function toOutputs(
	messages: readonly IncomingMessage[],
	routeCount: number,
	place: Omit<ItemOrigin, 'match'>,
): INodeExecutionData[][] {
	const outputs: INodeExecutionData[][] = Array.from({ length: routeCount + 2 }, () => []);
	for (const message of messages) {
		for (const { index, item } of toPlacedItems(message, routeCount, place)) {
			outputs[index]?.push(item);
		}
	}
	return outputs;
}

function toPlacedItems(
	message: IncomingMessage,
	routeCount: number,
	place: Omit<ItemOrigin, 'match'>,
): Array<{ index: number; item: INodeExecutionData }> {
	const fallback = routeCount;
	const error = routeCount + 1;
	try {
		const { matches } = message.decision;
		if (message.problem !== undefined) return [{ index: error, item: toItem(message, place) }];
		if (matches.length === 0) return [{ index: fallback, item: toItem(message, place) }];
		return matches.map((match) => ({
			index: match.index,
			item: toItem(message, { ...place, match }),
		}));
	} catch (cause) {
		// No mail should come to this; one that does must not hold up the others of its execution.
		const problem = new MailError('message.unreadable', { subject: String(cause), cause });
		const rest = {
			...message,
			head: undefined,
			body: undefined,
			decision: { matches: [] },
			problem,
		};
		return [{ index: error, item: toItem(rest, place) }];
	}
}
