/** Knows who is logged in where: named profiles, one per network, and how a secret gets in without being seen. */
@NullMarked
package io.postern.cli.login;

import org.jspecify.annotations.NullMarked;
