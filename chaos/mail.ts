import { mailLines } from './mail-lines';
import type { PlannedMail } from './plan';
import { isPoison, toPoison } from './poison';

/** The bytes of a planned mail. The recorder reads the X-Chaos headers. */
export function toMail(mail: PlannedMail): Buffer {
	const { form, id } = mail;
	if (isPoison(form)) return toPoison(form, id);
	const lines = [
		`X-Chaos-Id: ${id}`,
		`X-Chaos-Work: ${mail.workMs}`,
		...(mail.fails ? ['X-Chaos-Fails: yes'] : []),
		`Subject: ${id} order`,
		'From: Customer <customer@chaos.test>',
		'To: Shop <chaos@example.test>',
		`Message-ID: ${mail.messageId}`,
		'Date: Mon, 02 Nov 2026 10:00:00 +0000',
		'MIME-Version: 1.0',
	];
	const text = `This is ${id}.\r\n`.repeat(20);
	if (form === 'plain') return mailLines(...lines, 'Content-Type: text/plain', '', text);
	if (form === 'html') return mailLines(...lines, 'Content-Type: text/html', '', `<p>${text}</p>`);
	const file = Buffer.alloc(60_000, id).toString('base64').replace(/.{76}/g, '$&\r\n');
	return mailLines(
		...lines,
		'Content-Type: multipart/mixed; boundary=b',
		'',
		'--b',
		'Content-Type: text/plain; charset=utf-8',
		'',
		text,
		'--b',
		'Content-Type: application/pdf; name=file.pdf',
		'Content-Disposition: attachment; filename=file.pdf',
		'Content-Transfer-Encoding: base64',
		'',
		file,
		'--b--',
	);
}
