/**
 * Streams the only attachment of the only mail of a folder into a file, in a process of its own whose memory nobody
 * else uses. Prints one line of JSON: how much the memory has grown, and the digest of the file.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createImapDriver } from '../../mail/drivers/imap';
import { createPop3Driver } from '../../mail/drivers/pop3';
import { imapConnector, silentLog } from '../mail/drivers/imap/imap-connector';
import { pop3Connector } from '../support/pop3-connector';

async function main([
	protocol,
	host = '',
	port = '',
	user = '',
	password = '',
	file = '',
]: string[]) {
	const account = { host, port: Number(port), user, password };
	const driver =
		protocol === 'pop3'
			? createPop3Driver(pop3Connector(account), silentLog)
			: createImapDriver(imapConnector(account), silentLog);
	const session = await driver.openFolder('INBOX', new AbortController().signal);
	const [entry] = await session.fetchHeads(await session.search({}));
	if (entry === undefined || 'error' in entry) throw new Error('no head');
	const [attachment] = entry.head.attachments;
	if (attachment === undefined) throw new Error('no attachment');

	const before = process.memoryUsage.rss();
	let highest = before;
	const sampling = setInterval(() => {
		highest = Math.max(highest, process.memoryUsage.rss());
	}, 5);
	await pipeline(await session.openAttachment(entry.head, attachment), createWriteStream(file));
	clearInterval(sampling);
	highest = Math.max(highest, process.memoryUsage.rss());
	await session.close();

	const hash = createHash('sha256');
	await pipeline(createReadStream(file), hash);
	const result = { grownBytes: highest - before, sha256: hash.digest('hex') };
	process.stdout.write(`${JSON.stringify(result)}\n`);
}

void main(process.argv.slice(2));
