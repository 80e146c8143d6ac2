import { simpleParser } from 'mailparser';
import { startMailServer } from '../../demo/mail-server/mail-server';
import { demoMails } from '../../demo/mails';
import { sendDemoMails } from '../../demo/send';
import { SUPPORT, shopMailboxes } from '../../demo/shop';
import { branches, toOutputs } from '../../demo/workflow';

test('every mail expects a route that exists, and every route is taken by one at least', () => {
	const names = branches.flatMap(({ routes }) => toOutputs(routes));
	expect(new Set(demoMails.map(({ route }) => route))).toEqual(new Set(names));
});

test('the mails arrive as varied as they were written', async () => {
	const server = await startMailServer(shopMailboxes);
	try {
		await sendDemoMails(server);
		const mails = await Promise.all(
			server
				.mailbox(SUPPORT)
				.messages()
				.map((source) => simpleParser(source, { skipHtmlToText: true, maxChildNodes: 10_000 })),
		);
		const subjects = mails.map(({ subject }) => subject);
		expect(subjects).toContain('返品のお願い');
		expect(subjects).toContain('Rückgabe der Stühle – Maße passen nicht');
		expect(subjects).toContain(undefined);
		const attachments = mails.flatMap((mail) => mail.attachments.map((each) => each.contentType));
		expect(attachments).toEqual(
			expect.arrayContaining(['application/pdf', 'message/rfc822', 'image/png']),
		);
	} finally {
		await server.close();
	}
});
