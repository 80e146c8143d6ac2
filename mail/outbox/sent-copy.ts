import type { Connector, SentCopyPolicy } from '../connector';

/** Outgoing servers that put every mail into the Sent folder themselves: a copy of ours would be the second. */
const keepers: ReadonlyArray<{ readonly host: RegExp; readonly provider: string }> = [
	// Google Workspace's relay, smtp-relay.gmail.com, keeps nothing: it belongs to no mailbox.
	{ host: /^smtp\.(gmail|googlemail)\.com$/, provider: 'Gmail' },
	{ host: /^smtp\.office365\.(com|us)$/, provider: 'Microsoft 365' },
	{ host: /^smtp-legacy\.office365\.com$/, provider: 'Microsoft 365' },
	{ host: /^smtp\.partner\.outlook\.cn$/, provider: 'Microsoft 365' },
	{ host: /^smtp-mail\.outlook\.com$/, provider: 'Outlook.com' },
];

/** The reason why no copy is made; undefined: one is made. */
export function reasonAgainstSentCopy(
	connector: Connector,
	policy: SentCopyPolicy,
): string | undefined {
	if (policy === 'never') return 'Saving to the Sent folder is switched off';
	if (connector.incoming === undefined) {
		return 'The connector has no incoming server, so there is no Sent folder';
	}
	if (connector.incoming.protocol === 'pop3') return 'POP3 mailboxes have no Sent folder';
	if (policy === 'always') return undefined;
	const host = connector.outgoing?.host.toLowerCase() ?? '';
	const keeper = keepers.find((candidate) => candidate.host.test(host));
	return keeper && `${keeper.provider} saves sent e-mails by itself`;
}
