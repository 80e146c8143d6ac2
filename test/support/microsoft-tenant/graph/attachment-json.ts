import { sizeOf, type Attachment } from '../mailbox/attachment';
import { toDateTime, toMessageJson } from './message-json';
import { badRequest } from './graph-error';
import type { Preferences } from './preference';
import { pick } from './select';

/** On the base type, `contentBytes` does not exist: selecting it on a list is refused. */
const baseProperties = ['id', 'contentType', 'isInline', 'lastModifiedDateTime', 'name', 'size'];

/** An attachment as Graph writes it. `expand`: the item of an item attachment too. */
export function toAttachmentJson(
	attachment: Attachment,
	preferences: Preferences,
	how: { readonly select?: readonly string[]; readonly withItem?: boolean } = {},
): Record<string, unknown> {
	const base = {
		'@odata.type': `#microsoft.graph.${attachment.kind}Attachment`,
		'@odata.mediaContentType': attachment.contentType,
		id: attachment.id,
		lastModifiedDateTime: toDateTime(attachment.lastModifiedMs),
		name: attachment.name,
		contentType: attachment.kind === 'item' ? null : attachment.contentType,
		size: sizeOf(attachment),
		isInline: attachment.isInline,
	};
	const isWanted = (name: string) => how.select?.includes(name) ?? true;
	return pick(
		{ ...base, ...toOwn(attachment, preferences, how.withItem === true, isWanted) },
		how.select,
	);
}

export function readAttachmentSelect(query: URLSearchParams): readonly string[] | undefined {
	const said = query.get('$select');
	if (said === null || said === '') return undefined;
	return said.split(',').map((each) => {
		// The way to a property of the derived type: `microsoft.graph.fileAttachment/contentId`.
		const [, derived] = /^microsoft\.graph\.fileAttachment\/(\w+)$/.exec(each) ?? [];
		if (derived !== undefined) return derived;
		if (baseProperties.includes(each)) return each;
		throw badRequest(
			`Parsing OData Select and Expand failed: Could not find a property named '${each}' on type 'Microsoft.OutlookServices.Attachment'.`,
		);
	});
}

function toOwn(
	attachment: Attachment,
	preferences: Preferences,
	withItem: boolean,
	isWanted: (name: string) => boolean,
): Record<string, unknown> {
	if (attachment.kind === 'file') {
		return {
			contentId: attachment.contentId ?? null,
			contentLocation: attachment.contentLocation ?? null,
			...(isWanted('contentBytes')
				? { contentBytes: attachment.content.read().toString('base64') }
				: {}),
		};
	}
	if (attachment.kind === 'reference' || !withItem) return {};
	const item = toMessageJson(attachment.item, preferences);
	return { item: { ...item, '@odata.type': '#microsoft.graph.message' } };
}
