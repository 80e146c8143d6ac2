import type { ImapAnswer, ImapServerScript } from './imap-server';

export interface ScriptedMail {
	readonly uid: number;
	readonly subject: string;
	readonly seen: boolean;
	/** Its UID where that is no longer the one it came with. */
	readonly position?: number;
}

const RECEIVED = '"03-Nov-2026 10:15:30 +0100"';

/** One folder with plain mails behind a scripted server: answers as a server should, until a test says otherwise. */
export class ScriptedFolder {
	readonly mails = new Map<number, ScriptedMail>();
	uidValidity = 7;
	uidNext = 1;

	add(subject: string): number {
		const uid = this.uidNext++;
		this.mails.set(uid, { uid, subject, seen: false });
		return uid;
	}

	get seen(): string[] {
		return [...this.mails.values()].filter(({ seen }) => seen).map(({ subject }) => subject);
	}

	/** The script of a server with this folder. */
	script(answers: Readonly<Record<string, ImapAnswer>> = {}): ImapServerScript {
		return { answers: { ...this.#answers(), ...answers } };
	}

	readonly fetch: ImapAnswer = (client, command) => {
		const [, set = '', items = ''] = /^(\S+) (.*)$/s.exec(command.args) ?? [];
		for (const mail of this.#in(set)) client.write(this.#toRow(mail, items));
		client.ok(command);
	};

	readonly search: ImapAnswer = (client, command) => {
		const [, set = '1:*'] = /UID (\S+)/.exec(command.args) ?? [];
		const found = this.#in(set).filter(({ seen }) => !seen || !/UNSEEN/.test(command.args));
		client.write(`* SEARCH ${found.map(toUid).join(' ')}`.trim());
		client.ok(command);
	};

	#answers(): Record<string, ImapAnswer> {
		return {
			SELECT: (client, command) => {
				client.write(
					'* FLAGS (\\Seen \\Flagged)',
					'* OK [PERMANENTFLAGS (\\Seen \\Flagged \\*)] flags',
					`* ${this.mails.size} EXISTS`,
					`* OK [UIDVALIDITY ${this.uidValidity}] valid`,
					`* OK [UIDNEXT ${this.uidNext}] next`,
				);
				client.ok(command, '[READ-WRITE] selected');
			},
			DONE: (client, command) => client.ok(command),
			'UID SEARCH': this.search,
			'UID FETCH': this.fetch,
			'UID STORE': (client, command) => {
				for (const mail of this.#in(command.args.split(' ')[0] ?? '')) {
					this.mails.set(toUid(mail), { ...mail, seen: true });
				}
				client.ok(command);
			},
		};
	}

	#in(set: string): ScriptedMail[] {
		const last = Math.max(0, ...this.mails.keys());
		const toNumber = (text: string) => (text === '*' ? last : Number(text));
		const ranges = set.split(',').map((range) => {
			const [first = '', end = first] = range.split(':');
			const bounds = [toNumber(first), toNumber(end)];
			return { low: Math.min(...bounds), high: Math.max(...bounds) };
		});
		return [...this.mails.values()].filter((mail) =>
			ranges.some(({ low, high }) => toUid(mail) >= low && toUid(mail) <= high),
		);
	}

	#toRow(mail: ScriptedMail, items: string): string {
		const { uid: id, subject, seen } = mail;
		const uid = toUid(mail);
		const header = `Subject: ${subject}\r\nMessage-ID: <${id}@x>\r\n\r\n`;
		const text = `text of ${subject}\r\n`;
		const parts = [`UID ${uid}`];
		if (/FLAGS/.test(items)) parts.push(`FLAGS (${seen ? '\\Seen' : ''})`);
		if (/INTERNALDATE/.test(items)) parts.push(`INTERNALDATE ${RECEIVED}`);
		if (/RFC822\.SIZE/.test(items)) parts.push('RFC822.SIZE 99');
		if (/ENVELOPE/.test(items)) {
			parts.push(
				`ENVELOPE (NIL "${subject}" (("Ada" NIL "ada" "x.test")) NIL NIL NIL NIL NIL NIL "<${id}@x>")`,
			);
		}
		if (/BODYSTRUCTURE/.test(items)) {
			parts.push(
				`BODYSTRUCTURE ("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" ${text.length} 1 NIL NIL NIL NIL)`,
			);
		}
		for (const [, section = '', from] of items.matchAll(
			/BODY\.PEEK\[([^\]]*)\](?:<(\d+)\.\d+>)?/g,
		)) {
			const whole = section.startsWith('HEADER') || section === '1.MIME' ? header : text;
			const content = section === '' ? header + text : whole;
			const rest = content.slice(Number(from ?? 0));
			const origin = from === undefined ? '' : `<${from}>`;
			parts.push(`BODY[${section}]${origin} {${rest.length}}\r\n${rest}`);
		}
		return `* ${uid} FETCH (${parts.join(' ')})`;
	}
}

function toUid({ uid, position }: ScriptedMail): number {
	return position ?? uid;
}
