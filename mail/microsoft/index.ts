export { createMicrosoftTokens, type SignInNetwork, type TokenSourceOptions } from './access-token';
export type { MicrosoftSignIn, SignInProof } from './sign-in';
export { TokenStore } from './token-store';
