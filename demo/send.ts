import { createTransport } from 'nodemailer';
import type { MailServer } from './mail-server/mail-server';
import { type DemoMail, demoMails } from './mails';

export interface SentMail extends DemoMail {
	/** With angle brackets. */
	readonly messageId: string;
}

/** Sends all mails of the demo by SMTP, as the customers' servers would. */
export async function sendDemoMails(server: MailServer): Promise<SentMail[]> {
	const transport = createTransport({ host: server.host, port: server.smtpPort, ignoreTLS: true });
	const sent: SentMail[] = [];
	for (const [index, mail] of demoMails.entries()) {
		const messageId = `<demo-${index + 1}@customers.example>`;
		await transport.sendMail(toMessage(mail, messageId));
		sent.push({ ...mail, messageId });
	}
	transport.close();
	return sent;
}

function toMessage({ content, to }: DemoMail, messageId: string): object {
	if (typeof content.raw !== 'string') return { ...content, to, messageId };
	const raw = `Message-ID: ${messageId}\r\n${content.raw}`;
	return { raw, envelope: { from: 'customers@customers.example', to } };
}
