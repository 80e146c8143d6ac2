import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toMessageBody } from '../../mail/drivers/mime/body';
import { PartScanner } from '../../mail/drivers/mime/part-scanner';
import { toContent } from '../../mail/drivers/mime/structure';
import { toMessageHead } from '../../mail/drivers/pop3/head';
import { type MailFacts, toMailFacts } from '../../mail/facts/mail-facts';
import { toFactSource } from '../../mail/facts/fact-part';
import type { MessageBody, MessageHead } from '../../mail/message';
import type { BodyRequest } from '../../mail/ports';

export interface ParsedMail {
	readonly head: MessageHead;
	/** Throws nothing; what is not asked for is left out. */
	readBody(want: BodyRequest): MessageBody;
}

/** A mail as the drivers read it, without a server. */
export function parseMail(source: string | Buffer): ParsedMail {
	const bytes = Buffer.from(source);
	const scanner = new PartScanner();
	scanner.push(bytes);
	const { root, header, ranges, omitted } = scanner.end();
	const content = toContent(root, omitted);
	const sizeBytes = bytes.length;
	const head = toMessageHead({ uid: 1, header, sizeBytes, attachments: content.attachments });
	const parts = new Map(
		[...ranges].map(([part, { start, end }]) => [part, bytes.subarray(start, end)]),
	);
	return { head, readBody: (want) => toMessageBody(content, want, parts) };
}

/** What the mail says to programs, read as the trigger reads it. */
export function readFacts(source: string | Buffer): MailFacts {
	const { head, readBody } = parseMail(source);
	return toMailFacts(head, readBody({ attachments: [], partTexts: toFactSource(head).partTexts }));
}

/** Names as `readCorpus` takes them. */
export function listCorpus(folder: string): string[] {
	return readdirSync(join(__dirname, '../corpus', folder))
		.filter((name) => name.endsWith('.eml'))
		.map((name) => `${folder}/${name.replace(/\.eml$/, '')}`);
}

/** @param name below test/corpus, without `.eml` */
export function readCorpus(name: string): Buffer {
	return readFileSync(join(__dirname, '../corpus', `${name}.eml`));
}
