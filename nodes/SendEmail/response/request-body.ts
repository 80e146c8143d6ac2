import { escapeHtml } from '../../../mail/html-escape';
import type { OutgoingBody } from '../../../mail/outbox';
import type { Link } from './link';

/** What the e-mail says: the message, and below it the links, as buttons and as plain addresses. */
export function toRequestBody(message: string, links: readonly Link[]): Required<OutgoingBody> {
	return {
		text: [message, ...links.map(({ label, url }) => `${label}:\n${url}`)].join('\n\n'),
		html: [
			'<div style="font-family: Arial, Helvetica, sans-serif; font-size: 15px; line-height: 1.5;">',
			`<p>${escapeHtml(message).replace(/\r\n?|\n/g, '<br>\n')}</p>`,
			// Outlook knows neither padding of links nor flexible boxes: cells of a table look the same everywhere.
			'<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>',
			links.map(toButton).join('<td style="width: 12px;">&nbsp;</td>\n'),
			'</tr></table>',
			'</div>',
		].join('\n'),
	};
}

function toButton({ label, url, isDecline }: Link): string {
	const colour = isDecline ? '#b42318' : '#1a7f37';
	return [
		`<td bgcolor="${colour}" style="padding: 12px 24px; border-radius: 6px;">`,
		`<a href="${escapeHtml(url)}" style="color: #ffffff; font-weight: bold; text-decoration: none;">${escapeHtml(label)}</a>`,
		'</td>',
	].join('');
}
