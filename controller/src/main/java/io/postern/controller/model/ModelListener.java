package io.postern.controller.model;

/** Hears of model changes on the network loop, in order of index. */
public interface ModelListener {
    /** The model was read whole, at start or because changes were lost; what was derived from it is to be derived again. */
    default void reloaded() {}

    void changed(ModelUpdate update);
}
