/** Makes and reads keys, signing requests, certificates, trust bundles and enrollment tokens. */
@NullMarked
package io.postern.pki;

import org.jspecify.annotations.NullMarked;
