/** Drives the stock JVM SDK from the command line, for the conformance lanes. */
package io.postern.conformance.client;
