import type { Message } from '../mailbox/message';
import { toAttachmentJson } from './attachment-json';
import type { GraphCall } from './call';
import { badRequest } from './graph-error';

/** Reads `$expand`: what it adds to each message. */
export function readExpand(call: GraphCall): (message: Message) => Record<string, unknown> {
	const said = call.request.query.get('$expand');
	if (said === null || said === '') return () => ({});
	if (/^attachments(\(.*\))?$/.test(said)) {
		const select = /\$select=([^;)]*)/.exec(said)?.[1]?.split(',');
		return (message) => ({
			attachments: message.attachments.map((each) =>
				toAttachmentJson(each, call.preferences, { select }),
			),
		});
	}
	if (/^singleValueExtendedProperties\(.*\)$/.test(said)) {
		const wanted = [...said.matchAll(/id eq '([^']*)'/g)].map(([, id = '']) => id.toLowerCase());
		return (message) => {
			const found = message.content.extendedProperties.filter(({ id }) =>
				wanted.includes(id.toLowerCase()),
			);
			return found.length === 0 ? {} : { singleValueExtendedProperties: found };
		};
	}
	throw badRequest(`Parsing OData Select and Expand failed: '${said}'.`);
}
