/**
 * Sends ten mails with a file each, several at a time, with a copy of each to the Sent folder, in a process of its own
 * whose memory nobody else uses. Prints one line of JSON: how much the memory has grown since the first, small mail.
 */
import { createReadStream } from 'node:fs';
import { createSentFolder } from '../../mail/drivers/imap';
import { createSmtpSender } from '../../mail/drivers/smtp';
import { createOutbox } from '../../mail/outbox';
import { attachment, outgoingMessage, recordingLog, sendingConnector } from '../support/sending';
import { imapConnector } from '../mail/drivers/imap/imap-connector';

const MAILS = 10;

async function main([
	smtpPort = '',
	host = '',
	port = '',
	user = '',
	password = '',
	file = '',
]: string[]) {
	const { incoming } = imapConnector({ host, port: Number(port), user, password });
	const connector = sendingConnector(
		{ host: '127.0.0.1', port: Number(smtpPort) },
		{ incoming, sentCopy: 'always' },
	);
	const log = recordingLog();
	const sentFolder = createSentFolder(connector, log);
	const outbox = createOutbox({ connector, sender: createSmtpSender(connector), sentFolder, log });
	const open = async () => await Promise.resolve(createReadStream(file));
	const send = async (attachments = [attachment('', { open })]) => {
		const { sentCopy } = await outbox.send(outgoingMessage({ attachments }));
		if (sentCopy.status !== 'saved') throw new Error(JSON.stringify(sentCopy));
	};
	await send([]);

	const before = process.memoryUsage.rss();
	let highest = before;
	const sampling = setInterval(() => {
		highest = Math.max(highest, process.memoryUsage.rss());
	}, 5);
	await Promise.all(Array.from({ length: MAILS }, async () => await send()));
	clearInterval(sampling);
	await outbox.close();
	process.stdout.write(`${JSON.stringify({ grownBytes: highest - before })}\n`);
}

void main(process.argv.slice(2));
