import { randomUUID } from 'node:crypto';
import type { Mailbox } from '../mailbox/mailbox';

export interface UserSettings {
	readonly displayName?: string;
	/** Of password sign-in and of the sign-in page. Default: none will do. */
	readonly password?: string;
	/** `shared`: its own account is disabled; `none`: no Exchange Online licence. Default `user`. */
	readonly mailbox?: 'user' | 'shared' | 'none';
}

/** An account of the tenant. The rights are Exchange's, held by the mailbox's owner. */
export class User {
	readonly id = randomUUID();
	readonly displayName: string;
	password: string | undefined;
	/** Undefined: not licensed, on-premises or a guest. */
	mailbox: Mailbox | undefined;
	/** An AADSTS number with which every sign-in of this user ends: 50076 (MFA), 50053 (locked), 50055, 50057 … */
	signInProblem: number | undefined;
	/** Other addresses of the mailbox. */
	readonly aliases: string[] = [];
	/** Addresses of users that may open this mailbox. */
	readonly fullAccess = new Set<string>();
	readonly sendAs = new Set<string>();
	readonly sendOnBehalf = new Set<string>();
	/** `Set-CASMailbox`: whether IMAP and SMTP AUTH are on for this mailbox. */
	allowsImap = true;
	allowsSmtp = true;

	constructor(
		/** Also the user principal name. */
		readonly address: string,
		settings: UserSettings,
	) {
		this.displayName = settings.displayName ?? address.split('@')[0] ?? address;
		this.password = settings.password;
		if (settings.mailbox === 'shared') this.signInProblem = 50057;
	}

	/** Exchange compares addresses without case; ids are compared exactly. */
	isCalled(name: string): boolean {
		const wanted = name.toLowerCase();
		return (
			this.id === wanted ||
			[this.address, ...this.aliases].some((each) => each.toLowerCase() === wanted)
		);
	}
}
